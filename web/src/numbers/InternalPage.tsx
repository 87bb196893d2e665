export function InternalPage() { return null; }
