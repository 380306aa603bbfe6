// The app: what a stage is, and which stacks it has. `data` holds what can't be made again, `app` what can. Their ids and
// the ids of what is in them are final (stacks/README.md says why).
import { config } from "@notejam/core/config";
import type { SSTConfig } from "sst";
import { type StackContext, use } from "sst/constructs";
import { api } from "./stacks/app/api.ts";
import { FUNCTION_DEFAULTS, functions } from "./stacks/app/functions.ts";
import { migrations } from "./stacks/app/migrations.ts";
import { originSecret, web } from "./stacks/app/web.ts";
import { database } from "./stacks/data/database.ts";
import { network } from "./stacks/data/network.ts";
import { refuseOnFixedStage, regionOf, stageOf } from "./stacks/stage.ts";

export default {
  config(given) {
    const stage = stageOf(given.stage ?? process.env.SST_STAGE);
    // SST passes its whole command line on. Here, a refusal comes before anything is asked of AWS.
    refuseOnFixedStage(stage, (given as { _?: string[] })._?.[0]);
    return { name: "notejam", stage: stage.name, region: regionOf(given.region) };
  },

  stacks(app) {
    const stage = stageOf(app.stage);
    refuseOnFixedStage(stage, app.mode);
    app.setDefaultFunctionProps(FUNCTION_DEFAULTS);

    function data({ stack }: StackContext) {
      return database(stack, stage, network(stack));
    }

    function application({ stack }: StackContext) {
      // Under `sst dev` Vite serves the web app on this computer, and its proxy does what CloudFront does.
      const secret = app.mode === "dev" ? config.originSecret : originSecret(stack);
      const lambdas = functions(stack, stage, { database: use(data), originSecret: secret });
      migrations(stack, lambdas);
      const http = api(stack, lambdas.api);
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
