// The metrics that CloudWatch makes of log lines. They are in CloudWatch's embedded metric format: the line itself is the request.
// A metric costs 0.30 $ a month and stage, in the hours in which it has a value, so there are few: what an alarm asks for, and
// the time. Everything else of a request is a property of its line, which CloudWatch Logs Insights reads.

export const METRICS_NAMESPACE = "Notejam";

/** The metrics of a request, by the stage alone, each with its unit. */
export const REQUEST_METRICS = {
  /** Until the answer. It has a value for each request, so their number (the statistic SampleCount) is that of the requests. */
  duration: "Milliseconds",
  /** Answers 500: faults of ours. */
  faults: "Count",
  /** Answers 503: the database, or the mail function, was away. */
  unavailable: "Count",
  /** Sign-ins whose password was wrong, or that were too many. */
  refusedSignIns: "Count",
  /** Requests that came around the distribution, or from another site's page. */
  foreignOrigins: "Count",
} as const;

export type RequestMetrics = Partial<Record<keyof typeof REQUEST_METRICS, number | undefined>>;

/**
 * The members that make CloudWatch keep numbers of a line as metrics.
 * @param values the numbers by the names of their metrics. Undefined ones are left out, and zeros of counts: they would cost.
 * @param dimensions what the metrics are told apart by
 * @param units of those that are not counts
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
