// Ollama's own chat: one JSON object a line. It asks nobody for a key.
import { properties, TOKENS } from './fake_wire.mjs';

function turnOf(message) {
    if (message.role === 'tool') return { toolResult: true };
    return message.role === 'user' ? { person: message.content ?? '' } : {};
}

function speaker(response, { model }) {
    const line = (message, rest = {}) => ({
        model, created_at: '2026-01-01T00:00:00Z', message: { role: 'assistant', content: '', ...message }, done: false, ...rest,
    });
    const send = (object) => response.write(`${JSON.stringify(object)}\n`);
    const calls = (call) => ({ tool_calls: [{ function: { name: call.tool.name, arguments: call.input } }] });
    const end = { done: true, done_reason: 'stop', prompt_eval_count: TOKENS.input, eval_count: TOKENS.output };
    return {
        begin() {}, // the head of the answer is its beginning
        text: (chunk) => send(line({ content: chunk })),
        call: (call) => send(line(calls(call))),
        end: () => send(line({}, end)),
        whole: (act) => line({ content: act.chunks.join(''), ...(act.call ? calls(act.call) : {}) }, end),
    };
}

export const ollama = {
    name: 'ollama',
    path: /\/api\/chat(\?|$)/,
    isOpen: true,
    type: 'application/x-ndjson',
    read: (body) => ({
        model: body.model,
        streams: body.stream !== false,
        turns: (body.messages ?? []).map(turnOf),
        tools: (body.tools ?? []).map((tool) => ({ name: tool.function?.name, properties: properties(tool.function?.parameters) })),
    }),
    failure: ({ message }) => ({ error: message }),
    speaker,
};
