// The app: what a stage is, and which stacks it has. `data` holds what can't be made again, `app` what can; their ids and
// those of what is in them are final (stacks/README.md says why).
import { ENV } from "@notejam/core/config";
import type { SSTConfig } from "sst";
import { type StackContext, use } from "sst/constructs";
import { api } from "./stacks/app/api.ts";
import { email } from "./stacks/app/email.ts";
import { functionDefaults } from "./stacks/app/function.ts";
import { originSecret, web } from "./stacks/app/web.ts";
import { database, migrations } from "./stacks/data/database.ts";
import { network } from "./stacks/data/network.ts";
import { refuseOnFixedStage, regionOf, stageOf } from "./stacks/stage.ts";

export default {
  config(given) {
    const stage = stageOf(given.stage ?? process.env.SST_STAGE);
    // SST hands its whole command line on. Said here, a refusal comes before anything is asked of AWS.
    refuseOnFixedStage(stage, (given as { _?: string[] })._?.[0]);
    return { name: "notejam", stage: stage.name, region: regionOf(given.region) };
  },

  stacks(app) {
    const stage = stageOf(app.stage);
    refuseOnFixedStage(stage, app.mode);
    app.setDefaultFunctionProps(functionDefaults(stage));

    function data({ stack }: StackContext) {
      return database(stack, stage, network(stack));
    }

    function application({ stack }: StackContext) {
      const store = use(data);
      // Under `sst dev` the web app is Vite's on this computer, and its proxy stands where CloudFront stands.
      const secret = app.mode === "dev" ? process.env[ENV.originSecret] : originSecret(stack);
      const http = api(stack, stage, {
        database: store,
        mail: email(stack, stage, store),
        migrations: migrations(stack, stage, store),
        originSecret: secret,
      });
      stack.addOutputs({ ApiOrigin: http.url });
      if (app.mode === "deploy" && secret) {
        const site = web(stack, stage, http, secret);
        stack.addOutputs({ SiteOrigin: `https://${site.distributionDomainName}` });
      }
    }

    app.stack(data, { id: "data" });
    app.stack(application, { id: "app" });
  },
} satisfies SSTConfig;
