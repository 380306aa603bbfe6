// Switches off what SST and the CDK tell their makers about each command. sst.config.ts imports it: SST loads that file before it
// sends anything, also under a plain `npx sst deploy`, and starts the CDK's bootstrap with this environment. With telemetry, a
// command that failed would end with 0 where the makers can't be reached: SST waits for their answer, which never comes.
process.env.SST_TELEMETRY_DISABLED = "1";
process.env.CDK_DISABLE_CLI_TELEMETRY = "true";
// The CDK's notices are about known faults. It would fetch them from AWS with each command.
process.env.CDK_NOTICES = "false";
// The version of the CDK is pinned, so it need not look for newer ones.
process.env.CDK_DISABLE_VERSION_CHECK = "true";
