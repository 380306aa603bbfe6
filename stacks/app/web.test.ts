// The site in the templates, and the function of CloudFront that stands before it.
import { createContext, runInContext } from "node:vm";
import { ENV } from "@notejam/core/config";
import {
  CLIENT_ADDRESS_HEADER,
  ORIGIN_SECRET_HEADER,
  SITE_ORIGIN_HEADER,
} from "@notejam/functions/distribution-headers";
import { cacheControl, HTTPS_HEADERS, WEB_HEADERS } from "@notejam/functions/web-headers";
import { CachePolicy, OriginRequestPolicy } from "aws-cdk-lib/aws-cloudfront";
import { describe, expect, test } from "vitest";
import { RESTORABLE } from "../testing/aws.ts";
import { ALL, FIXED, the, WITH_SITE } from "../testing/resources.ts";
import { account, templatesOf } from "../testing/templates.ts";

describe("the site", () => {
  test.each(WITH_SITE)(
    "of %s is one domain: the web app, and below /api/ the API, never from a cache",
    async (stage) => {
      const { app } = await templatesOf({ stage });
      const { DistributionConfig: site } = the(app, "AWS::CloudFront::Distribution", "Site").properties;

      expect(site.CacheBehaviors).toEqual([
        expect.objectContaining({
          PathPattern: "/api/*",
          AllowedMethods: ["GET", "HEAD", "OPTIONS", "PUT", "PATCH", "POST", "DELETE"],
          ViewerProtocolPolicy: "https-only",
          CachePolicyId: CachePolicy.CACHING_DISABLED.cachePolicyId,
          OriginRequestPolicyId: OriginRequestPolicy.ALL_VIEWER_EXCEPT_HOST_HEADER.originRequestPolicyId,
          TargetOriginId: site.Origins[1].Id,
        }),
      ]);
      expect(JSON.stringify(site.Origins[1].DomainName)).toContain('"ApiEndpoint"');
      expect(site.Origins[1].CustomOriginConfig.OriginProtocolPolicy).toBe("https-only");
      expect(site.DefaultCacheBehavior).toMatchObject({
        ViewerProtocolPolicy: "redirect-to-https",
        CachePolicyId: CachePolicy.CACHING_OPTIMIZED.cachePolicyId,
        TargetOriginId: site.Origins[0].Id,
      });
    },
  );

  test.each(ALL)(
    "of %s has an API that answers every path itself, and no other site's pages",
    async (stage) => {
      const { app } = await templatesOf({ stage });
      const routes = Object.values(app.findResources("AWS::ApiGatewayV2::Route"));

      expect(routes.map(({ Properties }) => Properties.RouteKey)).toEqual(["$default"]);
      expect(the(app, "AWS::ApiGatewayV2::Api", "Api").properties).not.toHaveProperty("CorsConfiguration");
    },
  );

  test.each(WITH_SITE)("of %s keeps no error, and hides none behind a page", async (stage) => {
    const { app } = await templatesOf({ stage });

    for (const { Properties } of Object.values(app.findResources("AWS::CloudFront::Distribution"))) {
      expect(Properties.DistributionConfig.CustomErrorResponses).toEqual(
        [500, 502, 503, 504].map((status) => ({ ErrorCode: status, ErrorCachingMinTTL: 0 })),
      );
    }
  });

  test("proves itself to the API by a secret that no template holds", async () => {
    const environment = { [ENV.originSecret]: "of-the-shell" };
    const { app } = await templatesOf({ stage: "production", environment });
    const secret = the(app, "AWS::SecretsManager::Secret", "OriginSecret");
    const reference = {
      "Fn::Join": ["", ["{{resolve:secretsmanager:", { Ref: secret.logicalId }, ":SecretString:::}}"]],
    };

    const { DistributionConfig: site } = the(app, "AWS::CloudFront::Distribution", "Site").properties;
    const { Variables } = the(app, "AWS::Lambda::Function", "ApiHandler").properties.Environment;

    expect(secret.properties.GenerateSecretString.PasswordLength).toBeGreaterThanOrEqual(32);
    expect(site.Origins[1].OriginCustomHeaders).toEqual([
      { HeaderName: ORIGIN_SECRET_HEADER, HeaderValue: reference },
    ]);
    expect(Variables[ENV.originSecret]).toEqual(reference);
    expect(JSON.stringify(app.toJSON())).not.toContain("of-the-shell");
  });

  test.each(FIXED)("of %s sends the headers that the local gateway sends, and HSTS", async (stage) => {
    const { app } = await templatesOf({ stage });
    const policy = the(app, "AWS::CloudFront::ResponseHeadersPolicy", "WebHeaders");
    const { DistributionConfig: site } = the(app, "AWS::CloudFront::Distribution", "Site").properties;
    const { SecurityHeadersConfig: own, CustomHeadersConfig: custom } =
      policy.properties.ResponseHeadersPolicyConfig;

    const sent = {
      "content-security-policy": own.ContentSecurityPolicy.ContentSecurityPolicy,
      "x-content-type-options": own.ContentTypeOptions && "nosniff",
      "referrer-policy": own.ReferrerPolicy.ReferrerPolicy,
      "strict-transport-security": `max-age=${own.StrictTransportSecurity.AccessControlMaxAgeSec}`,
      ...Object.fromEntries(custom.Items.map((item: Record<string, string>) => [item.Header, item.Value])),
    };

    expect(sent).toEqual({ ...WEB_HEADERS, ...HTTPS_HEADERS });
    expect(site.DefaultCacheBehavior.ResponseHeadersPolicyId).toEqual({ Ref: policy.logicalId });
  });

  test("of production has its own domain, with encryption of today, and its addresses in DNS", async () => {
    const { app } = await templatesOf({ stage: "production" });
    const site = the(app, "AWS::CloudFront::Distribution", "Site");

    expect(site.properties.DistributionConfig).toMatchObject({
      Aliases: ["notes.example.com"],
      ViewerCertificate: {
        AcmCertificateArn: expect.stringMatching(/^arn:aws:acm:us-east-1:/),
        MinimumProtocolVersion: "TLSv1.2_2021",
        SslSupportMethod: "sni-only",
      },
    });
    const records = Object.values(app.findResources("AWS::Route53::RecordSet")).map(
      ({ Properties }) => Properties,
    );
    expect(records.map(({ Type }) => Type)).toEqual(["A", "AAAA"]);
    // They may lead to another region when this stack is removed.
    app.allResources("AWS::Route53::RecordSet", { DeletionPolicy: "Retain" });
    for (const { Name, HostedZoneId, AliasTarget } of records) {
      expect([Name, HostedZoneId]).toEqual(["notes.example.com", "Z0123456789ABC"]);
      expect(AliasTarget.DNSName).toEqual({ "Fn::GetAtt": [site.logicalId, "DomainName"] });
    }
    app.hasOutput("SiteOrigin", { Value: "https://notes.example.com" });
  });

  test("whose domain is still another region's has the certificate for it, and takes nothing away", async () => {
    const { app } = await templatesOf({
      stage: "production",
      environment: { NOTEJAM_DOMAIN_MOVES: "later" },
    });
    const { DistributionConfig: site } = the(app, "AWS::CloudFront::Distribution", "Site").properties;

    expect(site).not.toHaveProperty("Aliases");
    expect(site.ViewerCertificate.AcmCertificateArn).toMatch(/:certificate\//);
    app.resourceCountIs("AWS::Route53::RecordSet", 0);
  });

  test("whose domain was handed over keeps it, and leaves its addresses to who wrote them", async () => {
    const { app } = await templatesOf({
      stage: "production",
      environment: { NOTEJAM_DOMAIN_MOVES: "done" },
    });

    const { DistributionConfig: site } = the(app, "AWS::CloudFront::Distribution", "Site").properties;
    expect(site.Aliases).toEqual(["notes.example.com"]);
    app.resourceCountIs("AWS::Route53::RecordSet", 0);
  });

  test.each(WITH_SITE.slice(1))("of %s has CloudFront's name, if it is told of no other", async (stage) => {
    const { app } = await templatesOf({ stage });

    const { DistributionConfig: site } = the(app, "AWS::CloudFront::Distribution", "Site").properties;
    expect(site).not.toHaveProperty("Aliases");
    expect(JSON.stringify(app.toJSON().Outputs.SiteOrigin)).toContain("DomainName");
  });

  test("keeps its bucket to itself", async () => {
    const { app } = await templatesOf({ stage: "production" });
    const bucket = the(app, "AWS::S3::Bucket", "Web");
    const { Statement: statements } = the(app, "AWS::S3::BucketPolicy", "WebPolicy").properties
      .PolicyDocument;

    expect(bucket.properties.PublicAccessBlockConfiguration).toEqual({
      BlockPublicAcls: true,
      BlockPublicPolicy: true,
      IgnorePublicAcls: true,
      RestrictPublicBuckets: true,
    });
    const allowed = statements.filter(({ Effect }: { Effect: string }) => Effect === "Allow");
    expect(allowed).toEqual([
      expect.objectContaining({
        Action: ["s3:GetObject", "s3:ListBucket"],
        Principal: { Service: "cloudfront.amazonaws.com" },
        Condition: { StringEquals: { "AWS:SourceArn": expect.anything() } },
      }),
    ]);
  });

  test.each(WITH_SITE)("of %s empties its bucket only where it may be removed", async (stage) => {
    const { app } = await templatesOf({ stage });

    app.resourceCountIs("Custom::S3AutoDeleteObjects", FIXED.includes(stage) ? 0 : 1);
  });

  test("gets its hashed files first, then the page once the API is new, and loses no file of an older version", async () => {
    const { app } = await templatesOf({ stage: "production" });
    const assets = the(app, "Custom::CDKBucketDeployment", "WebAssetsCustomResource512MiB");
    const page = the(app, "Custom::CDKBucketDeployment", "WebPageCustomResource512MiB");

    expect(assets.properties).toMatchObject({
      DestinationBucketKeyPrefix: "assets",
      Prune: false,
      SystemMetadata: { "cache-control": cacheControl("/assets/index.js") },
    });
    expect(page.properties).toMatchObject({
      Prune: false,
      SystemMetadata: { "cache-control": cacheControl("/index.html") },
    });
    expect(page.DependsOn).toContain(assets.logicalId);
    expect(page.DependsOn).toContain(the(app, "AWS::ApiGatewayV2::Route", "ApiRoutedefault").logicalId);
  });

  test("has names that tell stages and regions apart, and that CloudFront takes where both are the longest", async () => {
    const stage = "a".repeat(30);
    const snapshot = "before-the-longest-name";
    account.snapshots[snapshot] = RESTORABLE;
    const environment = { NOTEJAM_RESTORE_FROM: snapshot };
    const { app } = await templatesOf({ stage, region: "ap-southeast-2", environment });
    const { OriginAccessControlConfig: access } = the(
      app,
      "AWS::CloudFront::OriginAccessControl",
      "WebAccess",
    ).properties;
    const { ResponseHeadersPolicyConfig: headers } = the(
      app,
      "AWS::CloudFront::ResponseHeadersPolicy",
      "WebHeaders",
    ).properties;
    const { Name } = the(app, "AWS::CloudFront::Function", "ViewerRequest").properties;

    for (const name of [Name, access.Name, headers.Name]) {
      expect(name).toBe(`notejam-${stage}-ap-southeast-2`);
      expect(name.length).toBeLessThanOrEqual(64);
    }
  });
});

describe("CloudFront's function", () => {
  interface EdgeRequest {
    uri: string;
    headers: Record<string, { value: string }>;
  }

  async function run(uri: string, headers: EdgeRequest["headers"] = {}): Promise<EdgeRequest> {
    const { app } = await templatesOf({ stage: "production" });
    const { FunctionCode } = the(app, "AWS::CloudFront::Function", "ViewerRequest").properties;
    const event = {
      viewer: { ip: "198.51.100.7" },
      request: { uri, headers: { host: { value: "notes.example.com" }, ...headers } },
    };
    return runInContext(`${FunctionCode}; handler(event)`, createContext({ event }));
  }

  test.each(["/", "/signin", "/notes/0b5c1e0e-93a5-4c4e-9a0a-5d3f3d7c2b11/edit", "/pads/", "/api", "//"])(
    "answers %s with the page",
    async (uri) => {
      expect((await run(uri)).uri).toBe("/index.html");
    },
  );

  test.each(["/assets/index-ChbbG-9x.js", "/favicon.svg", "/api/notes", "/api/", "/api/no/such/route"])(
    "leaves %s as it is",
    async (uri) => {
      expect((await run(uri)).uri).toBe(uri);
    },
  );

  test.each(["/api/session", "/", "/API/session", "/x/../api/session"])(
    "replaces the site's origin and the client's address that a client sends: %s",
    async (uri) => {
      const { headers } = await run(uri, {
        [SITE_ORIGIN_HEADER]: { value: "https://evil.example" },
        [CLIENT_ADDRESS_HEADER]: { value: "192.0.2.1" },
      });

      expect(headers[SITE_ORIGIN_HEADER]).toEqual({ value: "https://notes.example.com" });
      expect(headers[CLIENT_ADDRESS_HEADER]).toEqual({ value: "198.51.100.7" });
    },
  );
});
