// The keys of devices' cookies in the templates.
import { ENV } from "@notejam/core/config";
import { expect, test } from "vitest";
import { FIXED, the } from "../testing/resources.ts";
import { templatesOf } from "../testing/templates.ts";

const resolved = (arn: unknown) => ["{{resolve:secretsmanager:", arn, ":SecretString:::}}"];

test.each(FIXED)(
  "%s signs by a key that no template holds, and production has a copy in the far region",
  async (stage) => {
    const { app } = await templatesOf({ stage, environment: { NOTEJAM_FAR_REGION: "eu-west-3" } });
    const key = the(app, "AWS::SecretsManager::Secret", "DeviceKey");
    const { Variables } = the(app, "AWS::Lambda::Function", "ApiHandler").properties.Environment;

    expect(key.properties.GenerateSecretString.PasswordLength).toBeGreaterThanOrEqual(32);
    expect(Variables[ENV.deviceKeys]).toEqual({ "Fn::Join": ["", resolved({ Ref: key.logicalId })] });
    expect(key.properties.ReplicaRegions).toEqual(
      stage === "production" ? [{ Region: "eu-west-3" }] : undefined,
    );
  },
);

test("after a move, the key of the region before is valid too", async () => {
  const before = "arn:aws:secretsmanager:eu-north-1:111122223333:secret:DeviceKey0A1B2C3D-4e5F6g";
  const { app } = await templatesOf({
    stage: "production",
    environment: { NOTEJAM_DEVICE_KEY_BEFORE: before },
  });
  const { logicalId } = the(app, "AWS::SecretsManager::Secret", "DeviceKey");

  const { Variables } = the(app, "AWS::Lambda::Function", "ApiHandler").properties.Environment;

  expect(Variables[ENV.deviceKeys]).toEqual({
    "Fn::Join": [
      "",
      [
        "{{resolve:secretsmanager:",
        { Ref: logicalId },
        `:SecretString:::}},{{resolve:secretsmanager:${before}:SecretString:::}}`,
      ],
    ],
  });
});
