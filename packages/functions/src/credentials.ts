// The AWS credentials of a function, which Lambda puts into its environment. The bundler replaces the SDK's default with this
// module (bundle.ts), because the default also looks in files, in containers and at sign-in services.
export { fromEnv as defaultProvider } from "@aws-sdk/credential-provider-env";
