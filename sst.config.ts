// The app: what a stage is, and which stacks it has. `data` holds what can't be made again, `recovery` its
// backups, `app` what can; a small stage has `app` alone. Their ids and the ids of what is in them are final (stacks/README.md says why).
import { config } from "@notejam/core/config";
import type { SSTConfig } from "sst";
import { type StackContext, use } from "sst/constructs";
import { refuseWrongAccount } from "./stacks/account/production-account.ts";
import { expectNoConflict, recordOf } from "./stacks/account/stages.ts";
import { api } from "./stacks/app/api.ts";
import { canary, live } from "./stacks/app/canary.ts";
import { deviceKeys } from "./stacks/app/device-keys.ts";
import { mailIdentity } from "./stacks/app/email.ts";
import { deadLetterQueue, FUNCTION_DEFAULTS, functions } from "./stacks/app/functions.ts";
import { migrations } from "./stacks/app/migrations.ts";
import { releaseRecord } from "./stacks/app/release-record.ts";
import { stageDatabaseProvider } from "./stacks/app/stage-database-provider.ts";
import { watching } from "./stacks/app/watching/watching.ts";
import { originSecret, web } from "./stacks/app/web.ts";
import { logOtherFunctions } from "./stacks/constructs/log-groups.ts";
import { capacity } from "./stacks/data/capacity.ts";
import { chooseCluster } from "./stacks/data/cluster-choice.ts";
import { type Database, database, RESTORABLE } from "./stacks/data/database.ts";
import { network } from "./stacks/data/network.ts";
import { stageDatabase } from "./stacks/data/stage-database.ts";
import { windowsOf } from "./stacks/data/windows.ts";
import { backups } from "./stacks/recovery/backups.ts";
import { farRegionOf, refuseVaultElsewhere } from "./stacks/recovery/far-region.ts";
import { farVaults } from "./stacks/recovery/far-vaults.ts";
import { restoredFrom } from "./stacks/recovery/restore.ts";
import { vaultName } from "./stacks/recovery/vaults.ts";
import { isRecorded } from "./stacks/rollback/release-parameters.ts";
import { commitOf } from "./stacks/stage/commit.ts";
import { environmentOf, settingsOf } from "./stacks/stage/settings.ts";
import { SIZES } from "./stacks/stage/sizes.ts";
import { anyStageOf, refuseOnFixedStage, regionOf } from "./stacks/stage/stage.ts";
import "./stacks/runner/no-telemetry.ts";

export default {
  async config(given) {
    const stage = anyStageOf(given.stage ?? process.env.SST_STAGE);
    const region = regionOf(given.region);
    // SST passes its whole command line on. A refusal here comes before AWS is asked anything but whose credentials these are.
    const [command] = (given as { _?: string[] })._ ?? [];
    refuseOnFixedStage(stage, command);
    const { productionAccount } = settingsOf(stage, environmentOf(stage, process.cwd()));
    await refuseWrongAccount(stage, productionAccount, { ...given, region });
    await expectNoConflict(command, stage, { ...given, region });
    // SST loads this file a second time for stacks(), which reads this from the environment.
    if (command === "deploy" && isRecorded(stage)) {
      process.env.NOTEJAM_RELEASE = commitOf(stage.name, process.cwd());
    }
    // Otherwise SST asks whether to deploy a stage that `sst dev` ran, even where nobody can answer.
    return { name: "notejam", stage: stage.name, region, advanced: { disableAppModeCheck: true } };
  },

  async stacks(app) {
    const named = anyStageOf(app.stage);
    refuseOnFixedStage(named, app.mode);
    const settings = settingsOf(named, process.env);
    if (named.kind === "vault") {
      refuseVaultElsewhere(app.region, settings.farRegion);
      app.stack(({ stack }: StackContext) => farVaults(stack), { id: "vault" });
      logOtherFunctions(app, SIZES.production);
      return;
    }
    // What else a stage has depends on where its database is.
    const { region, mode } = app;
    const stage = await chooseCluster(named, { region, mode, restoreFrom: settings.restoreFrom });
    const farRegion = farRegionOf(stage, app.region, settings.farRegion);
    // Removal replaces nothing.
    const restored =
      mode === "remove" || !stage.cluster
        ? undefined
        : await restoredFrom(stage, app.region, settings.restoreFrom, RESTORABLE);
    const windows = windowsOf(settings.businessHours);
    app.setDefaultFunctionProps(FUNCTION_DEFAULTS);

    const sizes = stage.cluster;
    const data =
      sizes &&
      (({ stack }: StackContext) => {
        const made = database(stack, stage, { sizes, vpc: network(stack), windows, restored });
        const hours = settings.businessHours;
        if (hours) capacity(stack, stage, { sizes, database: made, hours });
        return made;
      });

    function application({ stack }: StackContext) {
      // Under `sst dev` Vite serves the web app on this computer, and its proxy does what CloudFront does. Functions run here, so
      // there are no versions of them.
      const deployed = mode !== "dev";
      const ownDatabase = data && use(data);
      const usedDatabase: Database = ownDatabase ?? stageDatabase(stack, settings.databaseAgain);
      const secret = deployed ? (usedDatabase.originSecret ?? originSecret(stack)) : config.originSecret;
      const deadLetters = stage.fixed ? deadLetterQueue(stack, stage) : undefined;
      const lambdas = functions(stack, stage, {
        settings,
        database: usedDatabase,
        originSecret: secret,
        // The one secret of a small stage serves for both.
        deviceKeys:
          usedDatabase.originSecret ?? deviceKeys(stack, { farRegion, before: settings.deviceKeyBefore }),
        deadLetters,
      });
      migrations(stack, lambdas, usedDatabase);
      if (lambdas.stageDatabase) {
        stageDatabaseProvider(stack, stage, {
          handler: lambdas.stageDatabase,
          clusterArn: usedDatabase.clusterArn,
        });
      }
      if (settings.mailIdentity) mailIdentity(stack, stage, settings.mailIdentity);

      const alias = deployed && stage.release !== "in place" ? live(stack, lambdas.api) : undefined;
      const http = api(stack, stage, alias ?? lambdas.api);
      if (alias && stage.release === "canary") {
        canary(stack, stage, alias, http.cdk.httpApi, settings.shift);
      }
      stack.addOutputs({ ApiOrigin: http.url, ...recordOf(stage, process.env) });
      if (ownDatabase) {
        watching(stack, stage, {
          api: http.cdk.httpApi,
          functions: lambdas,
          clusterIdentifier: ownDatabase.clusterIdentifier,
          deadLetters,
          dailyVault: farRegion && vaultName(stage.name, "daily"),
          // Production's account has mails of production alone, whoever made their identity.
          watchesMail: stage.account === "production" || settings.mailIdentity !== undefined,
          email: settings.alarmEmail,
        });
      }
      if (mode !== "deploy" || !secret) return;
      if (stage.site === "none") {
        stack.addOutputs({ Site: `none: npm run dev:aws -- --stage ${stage.name} serves the web app` });
      } else {
        const released = [http, alias ?? lambdas.api];
        const site = web(stack, stage, { api: http, secret, domain: settings.site, released });
        stack.addOutputs({ SiteOrigin: `https://${settings.site?.name ?? site.distributionDomainName}` });
      }
      if (isRecorded(stage)) releaseRecord(stack, stage, settings.release);
    }

    function recovery({ stack }: StackContext) {
      if (!farRegion || !data) return;
      backups(stack, stage, { database: use(data), farRegion, starts: windows.starts });
    }

    if (data) app.stack(data, { id: "data" });
    if (farRegion) app.stack(recovery, { id: "recovery" });
    app.stack(application, { id: "app" });
    logOtherFunctions(app, stage);
  },
} satisfies SSTConfig;
