// The AWS credentials of a function: Lambda puts them into its environment. The bundler puts this module in the place of the
// SDK's default, which also looks for them in files, in containers and at sign-in services (bundle.ts).
export { fromEnv as defaultProvider } from "@aws-sdk/credential-provider-env";
