import { expect, test } from "vitest";
import { signed, textIn } from "./aws-query.ts";

test("signs a form as AWS's own examples are signed", () => {
  // "post-x-www-form-urlencoded" of the test suite that AWS publishes for Signature Version 4.
  const { authorization } = signed({
    url: new URL("https://example.amazonaws.com/"),
    body: "Param1=value1",
    service: "service",
    region: "us-east-1",
    credentials: { accessKeyId: "AKIDEXAMPLE", secretAccessKey: "wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY" },
    at: new Date("2015-08-30T12:36:00Z"),
  });

  expect(authorization).toBe(
    "AWS4-HMAC-SHA256 Credential=AKIDEXAMPLE/20150830/us-east-1/service/aws4_request, SignedHeaders=content-type;host;x-amz-date, Signature=ff11897932ad3f4e8b18135d722051e5ac45fc38421b1da7b9d196a0fe09473a",
  );
});

test("signs the token of temporary credentials with the rest", () => {
  const headers = signed({
    url: new URL("https://rds.eu-west-1.amazonaws.com"),
    body: "",
    service: "rds",
    region: "eu-west-1",
    credentials: { accessKeyId: "example", secretAccessKey: "example", sessionToken: "token" },
    at: new Date("2026-11-27T05:00:00Z"),
  });

  expect(headers["x-amz-security-token"]).toBe("token");
  expect(headers.authorization).toContain("SignedHeaders=content-type;host;x-amz-date;x-amz-security-token,");
});

test("reads an element's text, and nothing where there is none", () => {
  const xml = "<Stack><Name>a &amp; &lt;b&gt;</Name><Name>c</Name></Stack>";

  expect(textIn(xml, "Name")).toBe("a & <b>");
  expect(textIn(xml, "Id")).toBeUndefined();
});
