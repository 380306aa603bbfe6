// What points the AWS SDK of a function to the services on this machine, by the SDK's own variables.
import { devNull } from "node:os";

/** Addresses of the services. */
export interface SdkEndpoints {
  rdsData: string;
  lambda: string;
  sesv2: string;
  secretsManager: string;
}

export function sdkEnvironment(endpoints: SdkEndpoints): Record<string, string> {
  return {
    AWS_REGION: "local",
    AWS_ACCESS_KEY_ID: "example",
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
