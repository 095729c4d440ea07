// placeholder
export function controlFaults() {}
