// A page that is not there yet. It says so only where that takes long enough to notice (app/shell.css).
import "./loading.css";
export function Loading() {
  return (
    <p class="loading" role="status">
      Loading…
    </p>
  );
}
