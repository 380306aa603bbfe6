// The few figures that sum up many measurements.

/** The smallest value that `share` (0 to 1) of the values do not exceed. NaN where there are none. */
export function quantile(values: readonly number[], share: number): number {
  const sorted = Float64Array.from(values).sort();
  return sorted[Math.max(Math.ceil(sorted.length * share) - 1, 0)] ?? Number.NaN;
}

export const median = (values: readonly number[]) => quantile(values, 0.5);
