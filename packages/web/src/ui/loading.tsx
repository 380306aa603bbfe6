// Stands for a page that is still loading. It appears only if that takes long enough to notice (loading.css).
import "./loading.css";
export function Loading() {
  return (
    <p class="loading" role="status">
      Loading…
    </p>
  );
}
