// Reads the metrics of a log line as CloudWatch does, and throws where CloudWatch would pass over them. The rules are those of
// "Specification: Embedded metric format" in the user guide of Amazon CloudWatch, and the limits of PutMetricData.

/** One value of one metric, with one set of dimensions. */
export interface EmittedMetric {
  namespace: string;
  name: string;
  unit: string;
  value: number;
  dimensions: Record<string, string>;
}

const UNITS = new Set(["Count", "Milliseconds", "Seconds", "Bytes", "Percent", "None"]);

/** @throws Error saying what is wrong with the line */
export function metricsIn(line: string): EmittedMetric[] {
  const root = objectOf(JSON.parse(line), "the line");
  if (root._aws === undefined) return [];
  const aws = membersOf(root._aws, "_aws", ["Timestamp", "CloudWatchMetrics"]);
  const { Timestamp: at } = aws;
  // In milliseconds: in seconds it would be a time in 1970.
  if (!Number.isInteger(at) || Math.abs(Number(at) - Date.now()) > 3_600_000) throw wrong("Timestamp", at);
  return listOf(aws.CloudWatchMetrics, "CloudWatchMetrics", 100).flatMap((one) => directive(one, root));
}

function directive(given: unknown, root: Record<string, unknown>): EmittedMetric[] {
  const { Namespace, Dimensions, Metrics } = membersOf(given, "a directive", [
    "Namespace",
    "Dimensions",
    "Metrics",
  ]);
  const namespace = textOf(Namespace, "Namespace");
  const definitions = listOf(Metrics, "Metrics", 100).map((one) =>
    membersOf(one, "a metric", ["Name", "Unit"]),
  );
  const names = definitions.map(({ Name }) => textOf(Name, "Name"));
  if (new Set(names).size < names.length) throw wrong("Metrics, which name one twice:", names);
  return listOf(Dimensions, "Dimensions", 30).flatMap((set) => {
    const keys = listOf(set, "a dimension set", 30).map((key) => textOf(key, "a dimension"));
    const dimensions = Object.fromEntries(keys.map((key) => [key, textOf(root[key], key)]));
    return definitions.map(({ Unit }, i) => {
      const name = names[i] as string;
      const value = root[name];
      if (typeof value !== "number" || !Number.isFinite(value)) throw wrong(name, value);
      if (!UNITS.has(String(Unit))) throw wrong("Unit", Unit);
      return { namespace, name, unit: String(Unit), value, dimensions };
    });
  });
}

function wrong(what: string, value: unknown): Error {
  return new Error(`CloudWatch does not take ${what} ${JSON.stringify(value)}.`);
}

function objectOf(value: unknown, what: string): Record<string, unknown> {
  if (typeof value !== "object" || value === null || Array.isArray(value)) throw wrong(what, value);
  return value as Record<string, unknown>;
}

/** An object with these members and no others. */
function membersOf(value: unknown, what: string, names: string[]): Record<string, unknown> {
  const object = objectOf(value, what);
  if (Object.keys(object).sort().join() !== [...names].sort().join()) throw wrong(what, value);
  return object;
}

function listOf(value: unknown, what: string, most: number): unknown[] {
  if (!Array.isArray(value) || value.length === 0 || value.length > most) throw wrong(what, value);
  return value;
}

function textOf(value: unknown, what: string): string {
  if (typeof value !== "string" || value.trim() === "" || value.length > 250) throw wrong(what, value);
  return value;
}
