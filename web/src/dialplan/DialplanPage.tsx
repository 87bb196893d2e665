export function DialplanPage() { return null; }
