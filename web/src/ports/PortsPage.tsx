export function PortsPage() { return null; }
