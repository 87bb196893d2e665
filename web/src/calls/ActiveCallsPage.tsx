export function ActiveCallsPage() { return null; }
