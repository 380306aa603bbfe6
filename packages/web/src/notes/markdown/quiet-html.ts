// Changes a user's HTML before a parser of the browser sees it.

/**
 * Renames what the content security policy would refuse and report in the console while the sanitiser parses it, so that the
 * sanitiser drops it silently: scripts and styles, elements that set an address or load at once, and attributes that run. This
 * is not for safety: what it misses does no harm.
 */
export function withoutReports(html: string): string {
  return html
    .replace(/<(\/?)(?:script|style)\b/gi, "<$1noembed")
    .replace(/<(\/?)(?:base|track)\b/gi, "<$1wbr")
    .replace(/<[a-z][^>]*>/gi, (tag) => tag.replace(/([\s/"'])(style|on[a-z]+)(\s*=)/gi, "$1data-$2$3"));
}
