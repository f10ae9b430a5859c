/** Whether one of OpenSSH's patterns names it, and none that begins with "!" does. */
export function matchesPatterns(patterns: readonly string[], name: string): boolean {
    const matches = (pattern: string): boolean => globMatches(pattern.toLowerCase(), name.toLowerCase());
    if (patterns.some((pattern) => pattern.startsWith("!") && matches(pattern.slice(1)))) return false;
    return patterns.some((pattern) => !pattern.startsWith("!") && matches(pattern));
}

/** "*" and "?" only, without backtracking that grows with the text. */
export function globMatches(pattern: string, text: string): boolean {
    let [p, t, star, mark] = [0, 0, -1, 0];
    while (t < text.length) {
        if (pattern[p] === "*") {
            star = p++;
            mark = t;
        } else if (pattern[p] === "?" || pattern[p] === text[t]) {
            p++;
            t++;
        } else if (star >= 0) {
            p = star + 1;
            t = ++mark;
        } else return false;
    }
    while (pattern[p] === "*") p++;
    return p === pattern.length;
}
