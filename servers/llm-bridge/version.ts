// The version that the bridge gives for itself over MCP and at /health.

export const version = '0.1.0'
