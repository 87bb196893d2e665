export function SoundsPage() { return null; }
