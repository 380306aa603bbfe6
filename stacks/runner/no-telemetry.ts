// Switches off what SST and the CDK tell their makers about each command. sst.config.ts imports it: SST loads that file before it
// sends anything, also under a plain `npx sst deploy`, and starts the CDK's bootstrap with this environment. With telemetry, a
// command that failed would end with 0 where the makers can't be reached: SST waits for their answer, which never comes.
process.env.SST_TELEMETRY_DISABLED = "1";
process.env.CDK_DISABLE_CLI_TELEMETRY = "true";
// Its options can be set so; it would fetch what AWS has to say of known faults.
process.env.CDK_NOTICES = "false";
// The CDK looks for newer versions of itself, which are no concern of ours: its version is pinned.
process.env.CDK_DISABLE_VERSION_CHECK = "true";
