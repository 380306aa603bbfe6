// The functions in the templates are those of the registry.
import { ENV } from "@notejam/core/config";
import { FUNCTION_NAMES, FUNCTIONS, invokedBy, variablesOf } from "@notejam/functions/functions";
import { describe, expect, test } from "vitest";
import { ALL, FIXED, permissionsOf, the } from "../testing/resources.ts";
import { templatesOf } from "../testing/templates.ts";
import { hashOfFolder } from "./migrations.ts";

/** As EventBridge writes it: in the largest unit that fits. */
function rateOf(hours: number): string {
  const [count, unit] = hours % 24 === 0 ? [hours / 24, "day"] : [hours, "hour"];
  return `rate(${count} ${unit}${count === 1 ? "" : "s"})`;
}

describe("a function of ours", () => {
  const SST = ["AWS_NODEJS_CONNECTION_REUSE_ENABLED", "SST_APP", "SST_SSM_PREFIX", "SST_STAGE"];
  const LIMITS = [
    ENV.attemptsPerAccountAndAddress,
    ENV.attemptsPerAccount,
    ENV.attemptsPerAddress,
    ENV.notesPerAccount,
    ENV.textMegabytesPerAccount,
    ENV.textMegabytesPerHour,
  ];
  const EVERY = FUNCTION_NAMES.map((name) => ({ name, entry: FUNCTIONS[name] }));
  /** The stages that have a function. */
  const stagesWith = (name: string) => {
    if (name === "stageDatabase") return ["dev"];
    return ["api", "mail", "migrate"].includes(name) ? ALL : FIXED;
  };
  /** What the migrate function is told of where the owner has a secret, and where it has none. */
  const UNTOLD: Record<string, string> = {
    cluster: "NOTEJAM_DATABASE_OWNER_ROLE",
    shared: "NOTEJAM_APPLICATION_SECRET_ARN",
  };

  test.each(EVERY)(
    "has the memory, the time and the environment that the registry says, and a log of its own: $name",
    async ({ name, entry }) => {
      for (const stage of stagesWith(name)) {
        const { app } = await templatesOf({ stage });

        const { properties } = the(app, "AWS::Lambda::Function", entry.id);

        expect(properties).toMatchObject({
          Architectures: ["arm64"],
          MemorySize: entry.memoryMegabytes,
          Timeout: entry.timeoutSeconds,
          LoggingConfig: {
            LogGroup: { Ref: the(app, "AWS::Logs::LogGroup", `${entry.id}Log`).logicalId },
          },
        });
        const { Variables } = properties.Environment;
        const untold = [...LIMITS, UNTOLD[FIXED.includes(stage) ? "cluster" : "shared"]];
        const told = variablesOf(entry).map((variable) => ENV[variable]);
        expect(Object.keys(Variables).sort()).toEqual(
          [...SST, ...told.filter((variable) => !untold.includes(variable))].sort(),
        );
        expect(Variables[ENV.stage]).toBe(stage);
        expect(Variables[ENV.databaseWaitSeconds]).toBe(String(entry.databaseWaitSeconds));
      }
    },
  );

  test("is told the limits of attempts that are set where it is deployed", async () => {
    const environment = { [ENV.attemptsPerAccount]: "7" };
    const { app } = await templatesOf({ stage: "production", environment });
    const told = (id: string) => the(app, "AWS::Lambda::Function", id).properties.Environment.Variables;

    expect(told("ApiHandler")).toMatchObject(environment);
    expect(told("ApiHandler")).not.toHaveProperty(ENV.attemptsPerAddress);
    expect(told("Mail")).not.toHaveProperty(ENV.attemptsPerAccount);
  });

  test("ends before whoever waits for it does: API Gateway after 30 seconds, the script of the migrations after 15 minutes", async () => {
    const { app } = await templatesOf({ stage: "production" });

    expect(the(app, "AWS::Lambda::Function", "ApiHandler").properties.Timeout).toBeLessThan(30);
    expect(the(app, "AWS::Lambda::Function", "Migrate").properties.Timeout).toBeLessThan(15 * 60);
  });

  test.each(EVERY)("may do what the registry says, and no more: $name", async ({ name, entry }) => {
    const { app } = await templatesOf({ stage: name === "stageDatabase" ? "dev" : "production" });
    const cluster = expect.stringMatching(/:rds:eu-west-1:111122223333:cluster:.*Database/);
    const later = entry.trigger === "invoked" || typeof entry.trigger === "object";
    const deadLetter = {
      Action: ["sqs:SendMessage", "sqs:GetQueueAttributes", "sqs:GetQueueUrl"],
      Resource: expect.stringMatching(/DeadLetters/),
    };
    const transactions = ["Begin", "Commit", "Rollback"].map((what) => `rds-data:${what}Transaction`);
    const database = {
      Action: entry.permissions.includes("transactions")
        ? ["rds-data:ExecuteStatement", ...transactions]
        : "rds-data:ExecuteStatement",
      Resource: cluster,
    };
    const secret = {
      Action: "secretsmanager:GetSecretValue",
      // Of migrations, both: that of the owner of the tables, and that of the application, whose password they set.
      Resource: expect.stringMatching(
        {
          migrate: /^\[.*MasterUserSecret.*ApplicationSecret.*\]$/,
          stageDatabase: /^\{[^[\]]*MasterUserSecret[^[\]]*\}$/,
        }[name as string] ?? /^\{[^[\]]*:ExportsOutputRefApplicationSecret[^[\]]*\}$/,
      ),
    };
    const ofSecrets = ["CreateSecret", "GetSecretValue", "PutSecretValue", "RestoreSecret", "DeleteSecret"];
    const stages = [
      {
        Action: ofSecrets.map((one) => `secretsmanager:${one}`),
        Resource: expect.stringMatching(/":secretsmanager:eu-west-1:111122223333:secret:notejam\/stage\/\*"/),
      },
      {
        Action: "cloudformation:DescribeStacks",
        Resource: expect.stringMatching(/":cloudformation:eu-west-1:111122223333:stack\/\*-notejam-app\/\*"/),
      },
    ];
    const mail = {
      Action: "ses:SendEmail",
      Resource: expect.stringMatching(
        /:ses:eu-west-1:111122223333:identity\/\*.*:ses:eu-west-1:111122223333:configuration-set\/\*/,
      ),
      Condition: { StringEquals: { "ses:FromAddress": "notejam@example.com" } },
    };
    const invoking = invokedBy(entry).map(({ invoke }) => {
      const { logicalId } = the(app, "AWS::Lambda::Function", FUNCTIONS[invoke].id);
      const Resource = expect.stringMatching(new RegExp(`^\\[.*"${logicalId}".*\\]$`));
      return { Action: "lambda:InvokeFunction", Resource };
    });

    expect(permissionsOf(app, entry.id)).toEqual([
      ...(later ? [deadLetter] : []),
      database,
      secret,
      ...(entry.permissions.includes("mail") ? [mail] : []),
      ...(name === "stageDatabase" ? stages : []),
      ...invoking,
    ]);
  });

  test("of the registry asks for no more than these: the API one other function, mail to be sent, migrations transactions and a password, the provider the secrets of stages", () => {
    const asked = EVERY.flatMap(({ name, entry }) =>
      entry.permissions.map((one) => `${name} ${typeof one === "object" ? one.invoke : one}`),
    );

    expect(asked).toEqual([
      "api mail",
      "mail mail",
      "migrate transactions",
      "migrate applicationSecret",
      "stageDatabase transactions",
      "stageDatabase stageSecrets",
      "stageDatabase stageStacks",
    ]);
  });

  test.each(ALL)("runs by the clock in a fixed stage, and nowhere else: %s", async (stage) => {
    const { app } = await templatesOf({ stage });
    const scheduled = EVERY.filter(({ entry }) => typeof entry.trigger === "object");

    app.resourceCountIs("AWS::Events::Rule", FIXED.includes(stage) ? scheduled.length : 0);
    if (!FIXED.includes(stage)) return;
    for (const { entry } of scheduled) {
      const { properties } = the(app, "AWS::Events::Rule", `${entry.id}Schedule`);
      const { logicalId } = the(app, "AWS::Lambda::Function", entry.id);
      const hours = (entry.trigger as { everyHours: number }).everyHours;
      expect(properties).toMatchObject({
        ScheduleExpression: rateOf(hours),
        State: "ENABLED",
        Targets: [{ Arn: { "Fn::GetAtt": [logicalId, "Arn"] } }],
      });
      // Without the permission, EventBridge is refused and nothing says so.
      app.hasResourceProperties("AWS::Lambda::Permission", {
        Principal: "events.amazonaws.com",
        FunctionName: { "Fn::GetAtt": [logicalId, "Arn"] },
      });
    }
  });

  test.each(FIXED)(
    "reads the password of the master user in %s only if it migrates, or makes the databases of stages",
    async (stage) => {
      const { data, app } = await templatesOf({ stage });
      const readers = [data, app].flatMap((template) =>
        Object.entries(template.findResources("AWS::IAM::Policy")).flatMap(([id, { Properties }]) =>
          JSON.stringify(Properties.PolicyDocument).includes("MasterUserSecret") ? [id] : [],
        ),
      );

      const expectedReaders = ["Migrate", ...(stage === "dev" ? ["StageDatabase"] : [])].map(
        (id) => the(app, "AWS::IAM::Policy", `${id}ServiceRoleDefaultPolicy`).logicalId,
      );
      expect(readers.sort()).toEqual(expectedReaders);
      for (const template of [data, app]) {
        template.resourceCountIs("AWS::IAM::ManagedPolicy", 0);
        for (const { Properties } of Object.values(template.findResources("AWS::IAM::Role"))) {
          expect(JSON.stringify(Properties.Policies ?? [])).not.toContain("MasterUserSecret");
        }
      }
    },
  );

  test("that runs new code waits for the migrations, which run where they have changed", async () => {
    const { app } = await templatesOf({ stage: "production" });
    const [script] = Object.entries(app.findResources("Custom::SSTScript"));

    for (const { name, entry } of EVERY) {
      if (name === "migrate" || !stagesWith(name).includes("production")) continue;
      const { id } = entry;
      expect(the(app, "AWS::Lambda::Function", id).DependsOn).toContain(script?.[0]);
    }
    expect(script?.[1].Properties).toMatchObject({
      UserCreateFunction: { Ref: the(app, "AWS::Lambda::Function", "Migrate").logicalId },
      UserUpdateFunction: { Ref: the(app, "AWS::Lambda::Function", "Migrate").logicalId },
      // Of the migrations, and of the secret whose password they set.
      Version: {
        "Fn::Join": [
          "",
          [
            `${hashOfFolder("packages/core/migrations")} `,
            { "Fn::ImportValue": expect.stringMatching(/:ExportsOutputRefApplicationSecret/) },
          ],
        ],
      },
    });
  });
});
