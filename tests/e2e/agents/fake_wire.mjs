// Shared by the wire formats: the numbers that each answer reports, and one server-sent event.

// Tokens of one call. `input` holds the cached ones where a provider counts so.
export const TOKENS = { input: 1200, cached: 500, output: 300, reasoning: 20 };

export function event(response, data, name = '') {
    response.write(`${name ? `event: ${name}\n` : ''}data: ${JSON.stringify(data)}\n\n`);
}

export function plainText(content) {
    if (typeof content === 'string') return content;
    if (!Array.isArray(content)) return '';
    return content.map((part) => (typeof part === 'string' ? part : part.text ?? '')).join('\n');
}

export const properties = (schema) => schema?.properties ?? {};
