// The metrics that CloudWatch extracts from log lines in its embedded metric format. A metric costs 0.30 $ a month in each stage
// and is charged for the hours in which it has a value. So there are few: those that an alarm watches, and the duration. The rest
// of a request is in its log line, which CloudWatch Logs Insights can query.

export const METRICS_NAMESPACE = "Notejam";

/** The metrics of a request and their units. Their only dimension is the stage. */
export const REQUEST_METRICS = {
  /** Until the answer. Each request has one, so its SampleCount is the number of requests. */
  duration: "Milliseconds",
  /** Answers 500: our own faults. */
  faults: "Count",
  /** Answers 503: the database, or the mail function, was away. */
  unavailable: "Count",
  /** Sign-ins with a wrong password, and those over the limit. */
  refusedSignIns: "Count",
  /** Requests that bypassed the distribution, or came from another site's page. */
  foreignOrigins: "Count",
} as const;

export type RequestMetrics = Partial<Record<keyof typeof REQUEST_METRICS, number | undefined>>;

/**
 * The members of a log line that make CloudWatch extract metrics from it.
 * @param values the values by the names of their metrics. Undefined values make no metric, nor do counts of zero, which would cost.
 * @param dimensions by their names
 * @param units of the metrics that are not counts
 */
export function metricsOf(
  values: Record<string, number | undefined>,
  dimensions: Record<string, string>,
  units: Record<string, string> = {},
): Record<string, unknown> {
  const unitOf = (name: string) => units[name] ?? "Count";
  const names = Object.keys(values).filter(
    (name) => values[name] !== undefined && (values[name] !== 0 || unitOf(name) !== "Count"),
  );
  if (names.length === 0) return dimensions;
  const metrics = {
    Namespace: METRICS_NAMESPACE,
    Dimensions: [Object.keys(dimensions)],
    Metrics: names.map((Name) => ({ Name, Unit: unitOf(Name) })),
  };
  return { ...dimensions, ...values, _aws: { Timestamp: Date.now(), CloudWatchMetrics: [metrics] } };
}
