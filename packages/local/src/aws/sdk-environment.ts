// What points the AWS SDK of a function to the services on this machine, by the SDK's own variables.
import { devNull } from "node:os";

/** Addresses of the services. */
export interface SdkEndpoints {
  rdsData: string;
  lambda: string;
  sesv2: string;
  secretsManager: string;
}

/** @param accessKeyId what the services ask for: the id is the secret, and they check no signature */
export function sdkEnvironment(endpoints: SdkEndpoints, accessKeyId: string): Record<string, string> {
  return {
    AWS_REGION: "local",
    AWS_ACCESS_KEY_ID: accessKeyId,
    AWS_SECRET_ACCESS_KEY: "example",
    // The configuration of this computer's user must not matter.
    AWS_CONFIG_FILE: devNull,
    AWS_SHARED_CREDENTIALS_FILE: devNull,
    AWS_ENDPOINT_URL_RDS_DATA: endpoints.rdsData,
    AWS_ENDPOINT_URL_LAMBDA: endpoints.lambda,
    AWS_ENDPOINT_URL_SESV2: endpoints.sesv2,
    AWS_ENDPOINT_URL_SECRETS_MANAGER: endpoints.secretsManager,
  };
}
