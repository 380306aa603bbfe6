// The web app and the site's one domain: CloudFront in front of a bucket, and of the API at /api/*. The site's address is the
// distribution's: if the distribution is replaced, the address is lost.
import { spawnSync } from "node:child_process";
import { join } from "node:path";
import {
  CLIENT_ADDRESS_HEADER,
  ORIGIN_SECRET_HEADER,
  SITE_ORIGIN_HEADER,
} from "@notejam/functions/distribution-headers";
import { cacheControl, HASHED_FILES, HTTPS_HEADERS, WEB_HEADERS } from "@notejam/functions/web-headers";
import { Annotations, Duration, Fn } from "aws-cdk-lib";
import { Certificate } from "aws-cdk-lib/aws-certificatemanager";
import {
  AccessLevel,
  AllowedMethods,
  CachePolicy,
  type CfnDistribution,
  Distribution,
  Function as EdgeFunction,
  FunctionCode,
  FunctionEventType,
  FunctionRuntime,
  type HeadersReferrerPolicy,
  HttpVersion,
  type IFunction,
  type IOriginAccessControl,
  type IResponseHeadersPolicy,
  OriginRequestPolicy,
  ResponseHeadersPolicy,
  S3OriginAccessControl,
  SecurityPolicyProtocol,
  ViewerProtocolPolicy,
} from "aws-cdk-lib/aws-cloudfront";
import { HttpOrigin, S3BucketOrigin } from "aws-cdk-lib/aws-cloudfront-origins";
import { CfnRecordSet } from "aws-cdk-lib/aws-route53";
import { CloudFrontTarget } from "aws-cdk-lib/aws-route53-targets";
import { BlockPublicAccess, Bucket, BucketEncryption } from "aws-cdk-lib/aws-s3";
import { BucketDeployment, CacheControl, Source } from "aws-cdk-lib/aws-s3-deployment";
import { Secret } from "aws-cdk-lib/aws-secretsmanager";
import type { IDependable } from "constructs";
import type { Api, Stack } from "sst/constructs";
import { VisibleError } from "sst/error.js";
import { useProject } from "sst/project.js";
import { publish, published } from "../constructs/dev-parameters.ts";
import { logGroup } from "../constructs/log-groups.ts";
import { REMOVAL_POLICIES } from "../constructs/removal-policy.ts";
import type { Domain } from "../stage/settings.ts";
import type { Stage } from "../stage/stage.ts";

/** Shows the API that a request came through CloudFront. AWS makes the value and CloudFormation reads it; templates only refer to it. */
export function originSecret(stack: Stack): string {
  const secret = new Secret(stack, "OriginSecret", {
    description: "Shows the API that a request came through CloudFront",
    generateSecretString: { passwordLength: 64, excludePunctuation: true },
  });
  return secret.secretValue.unsafeUnwrap();
}

interface Needs {
  api: Api;
  /** What shows the API that a request came through the distribution. */
  secret: string;
  /** The site's own domain, if it has one. */
  domain: Domain | undefined;
  /** What the page that names the new files waits for: new code of the API that answers all requests. */
  released: IDependable[];
}

/** What distributions can share. Each of them serves 100. */
interface Parts {
  /** As whom CloudFront reads buckets. */
  access: IOriginAccessControl;
  viewerRequest: IFunction;
  headers: IResponseHeadersPolicy;
}

/** @returns the site's distribution, with this version of the web app */
export function web(stack: Stack, stage: Stage, { api, secret, domain, released }: Needs): Distribution {
  const parts = stage.site === "dev's parts" ? devsParts(stack) : ownParts(stack, stage);
  if (stage.shares) shareParts(stack, parts);

  const bucket = new Bucket(stack, "Web", {
    blockPublicAccess: BlockPublicAccess.BLOCK_ALL,
    encryption: BucketEncryption.S3_MANAGED,
    enforceSSL: true,
    removalPolicy: stage.fixed ? REMOVAL_POLICIES.retain : REMOVAL_POLICIES.destroy,
    autoDeleteObjects: !stage.fixed,
  });

  const viewerRequest = {
    eventType: FunctionEventType.VIEWER_REQUEST,
    function: parts.viewerRequest,
  };

  const distribution = new Distribution(stack, "Site", {
    comment: `Notejam ${stage.name}`,
    httpVersion: HttpVersion.HTTP2_AND_3,
    ...(domain && {
      domainNames: [domain.name],
      certificate: Certificate.fromCertificateArn(stack, "Certificate", domain.certificateArn),
      minimumProtocolVersion: SecurityPolicyProtocol.TLS_V1_2_2021,
    }),
    defaultRootObject: "index.html",
    defaultBehavior: {
      origin: S3BucketOrigin.withOriginAccessControl(bucket, {
        originAccessControl: parts.access,
        // With the permission to list, a missing file is answered 404; without it, 403.
        originAccessLevels: [AccessLevel.READ, AccessLevel.LIST],
      }),
      viewerProtocolPolicy: ViewerProtocolPolicy.REDIRECT_TO_HTTPS,
      cachePolicy: CachePolicy.CACHING_OPTIMIZED,
      responseHeadersPolicy: parts.headers,
      functionAssociations: [viewerRequest],
    },
    additionalBehaviors: {
      "/api/*": {
        origin: new HttpOrigin(Fn.parseDomainName(api.url), {
          customHeaders: { [ORIGIN_SECRET_HEADER]: secret },
        }),
        // A redirect would come only after the password was sent unencrypted.
        viewerProtocolPolicy: ViewerProtocolPolicy.HTTPS_ONLY,
        allowedMethods: AllowedMethods.ALLOW_ALL,
        cachePolicy: CachePolicy.CACHING_DISABLED,
        // Every header but Host: API Gateway answers to its own name.
        originRequestPolicy: OriginRequestPolicy.ALL_VIEWER_EXCEPT_HOST_HEADER,
        functionAssociations: [viewerRequest],
      },
    },
    // CloudFront keeps errors for ten seconds, whatever they say of caches, and by the path alone: one user's 503 would answer
    // everybody. No page stands in for them: it would be for the whole distribution, and would hide the API's own answers.
    errorResponses: [500, 502, 503, 504].map((httpStatus) => ({ httpStatus, ttl: Duration.seconds(0) })),
  });
  if (domain) address(stack, distribution, domain);

  Annotations.of(distribution).acknowledgeWarning(
    "@aws-cdk/aws-cloudfront-origins:listBucketSecurityRisk",
    "/ is rewritten to the page; nothing asks the bucket for its list, and all in it is public",
  );

  deployWebApp(stack, stage, bucket, released);
  return distribution;
}

/**
 * Leads the domain to the distribution. A domain belongs to one distribution at a time, so in a move between regions it is handed
 * over by hand, with its addresses (RUNBOOKS.md). They stay when this stack goes: they may lead to another region by then.
 */
function address(stack: Stack, distribution: Distribution, { name, hostedZoneId, moves }: Domain): void {
  const resource = distribution.node.defaultChild as CfnDistribution;
  if (moves === "later") resource.addPropertyDeletionOverride("DistributionConfig.Aliases");
  if (moves) return;
  for (const type of ["A", "AAAA"]) {
    new CfnRecordSet(stack, `Address${type}`, {
      type,
      name,
      hostedZoneId,
      aliasTarget: {
        dnsName: distribution.distributionDomainName,
        hostedZoneId: CloudFrontTarget.getHostedZoneId(stack),
      },
    }).applyRemovalPolicy(REMOVAL_POLICIES.retain);
  }
}

/**
 * Runs at CloudFront before anything else. All pages are one file: a path whose last part has no dot is a page's. The
 * headers that tell the API the site's origin and the client's address are always set, so a client's own values never get
 * through. (`event.viewer` is CloudFront's name for the client.)
 */
const VIEWER_REQUEST = `
function handler(event) {
  var request = event.request;
  request.headers["${SITE_ORIGIN_HEADER}"] = { value: "https://" + request.headers.host.value };
  request.headers["${CLIENT_ADDRESS_HEADER}"] = { value: event.viewer.ip };
  var last = request.uri.slice(request.uri.lastIndexOf("/") + 1);
  if (!request.uri.startsWith("/api/") && !last.includes(".")) request.uri = "/index.html";
  return request;
}
`.trim();

function ownParts(stack: Stack, stage: Stage): Parts {
  // CloudFront's names are global: without the region, two regions of an account would collide.
  const name = `notejam-${stage.name}-${stack.region}`;
  return {
    access: new S3OriginAccessControl(stack, "WebAccess", { originAccessControlName: name }),
    viewerRequest: new EdgeFunction(stack, "ViewerRequest", {
      functionName: name,
      runtime: FunctionRuntime.JS_2_0,
      code: FunctionCode.fromInline(VIEWER_REQUEST),
    }),
    headers: headersPolicy(stack, name),
  };
}

function devsParts(stack: Stack): Parts {
  const viewerRequestArn = published(stack, "viewerRequestArn");
  return {
    access: S3OriginAccessControl.fromOriginAccessControlId(
      stack,
      "WebAccess",
      published(stack, "webAccessId"),
    ),
    viewerRequest: EdgeFunction.fromFunctionAttributes(stack, "ViewerRequest", {
      functionName: Fn.select(1, Fn.split("/", viewerRequestArn)),
      functionArn: viewerRequestArn,
    }),
    headers: ResponseHeadersPolicy.fromResponseHeadersPolicyId(
      stack,
      "WebHeaders",
      published(stack, "headersPolicyId"),
    ),
  };
}

function shareParts(stack: Stack, { access, viewerRequest, headers }: Parts): void {
  publish(stack, "webAccessId", access.originAccessControlId);
  publish(stack, "viewerRequestArn", viewerRequest.functionArn);
  publish(stack, "headersPolicyId", headers.responseHeadersPolicyId);
}

/** The headers of every file of the web app. */
function headersPolicy(stack: Stack, name: string): IResponseHeadersPolicy {
  // CloudFront has separate settings for these, and refuses them among the others.
  const {
    "content-security-policy": contentSecurityPolicy = "",
    "x-content-type-options": _,
    "referrer-policy": referrerPolicy,
    "strict-transport-security": transportSecurity = "",
    ...others
  } = { ...WEB_HEADERS, ...HTTPS_HEADERS };
  return new ResponseHeadersPolicy(stack, "WebHeaders", {
    responseHeadersPolicyName: name,
    securityHeadersBehavior: {
      contentSecurityPolicy: { contentSecurityPolicy, override: true },
      // It is always nosniff.
      contentTypeOptions: { override: true },
      referrerPolicy: { referrerPolicy: referrerPolicy as HeadersReferrerPolicy, override: true },
      strictTransportSecurity: {
        accessControlMaxAge: Duration.seconds(Number(transportSecurity.replace("max-age=", ""))),
        override: true,
      },
    },
    customHeadersBehavior: {
      customHeaders: Object.entries(others).map(([header, value]) => ({ header, value, override: true })),
    },
  });
}

/**
 * Adds the files of this version to those of earlier ones, which old tabs still request: first the files whose names have
 * a hash; then, when the API is deployed, the page that names them.
 */
function deployWebApp(stack: Stack, stage: Stage, bucket: Bucket, released: IDependable[]): void {
  const files = stack.isActive ? builtFiles() : { hashed: UNBUILT, others: UNBUILT };
  const common = {
    destinationBucket: bucket,
    prune: false,
    memoryLimit: 512,
    logGroup: logGroup(stack, stage, "WebDeployment"),
  };

  const assets = new BucketDeployment(stack, "WebAssets", {
    ...common,
    sources: [files.hashed],
    destinationKeyPrefix: HASHED,
    cacheControl: [CacheControl.fromString(cacheControl(HASHED_FILES))],
  });
  const page = new BucketDeployment(stack, "WebPage", {
    ...common,
    sources: [files.others],
    cacheControl: [CacheControl.fromString(cacheControl("/index.html"))],
  });
  page.node.addDependency(assets, ...released);
}

/** The folder of the files whose names have a hash. */
const HASHED = HASHED_FILES.replaceAll("/", "");

/** For a stack that is synthesised and not deployed. */
const UNBUILT = Source.data("unbuilt", "");

function builtFiles() {
  const built = buildWebApp();
  return {
    hashed: Source.asset(join(built, HASHED)),
    others: Source.asset(built, { exclude: [HASHED, `${HASHED}/**`] }),
  };
}

let webApp: string | undefined;

/** Builds the web app once a process, in another folder than `npm start`. */
function buildWebApp(): string {
  if (webApp) return webApp;
  const { root, out } = useProject().paths;
  const folder = join(out, "web");
  const { status } = spawnSync(
    join(root, "node_modules/.bin/vite"),
    ["build", "--outDir", folder, "--logLevel", "warn"],
    {
      cwd: join(root, "packages/web"),
      env: { ...process.env, NODE_ENV: "production" },
      stdio: "inherit",
    },
  );
  if (status !== 0) throw new VisibleError("packages/web does not build: Vite's message is above.");
  webApp = folder;
  return webApp;
}
