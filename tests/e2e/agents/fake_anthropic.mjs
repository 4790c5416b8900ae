// Anthropic Messages, streamed and whole.
import { event, properties, TOKENS } from './fake_wire.mjs';

const usage = {
    input_tokens: TOKENS.input - TOKENS.cached,
    cache_creation_input_tokens: 0,
    cache_read_input_tokens: TOKENS.cached,
    output_tokens: TOKENS.output,
};

function turnsOf(message) {
    if (message.role !== 'user') return [];
    const parts = Array.isArray(message.content) ? message.content : [{ type: 'text', text: message.content }];
    const isSearch = (part) => Array.isArray(part.content) && part.content.some((one) => one.type === 'tool_reference');
    return parts.map((part) =>
        (part.type === 'tool_result' ? { toolResult: !isSearch(part) } : { person: part.text ?? '' }));
}

function speaker(response, { id, model }) {
    const send = (type, rest) => event(response, { type, ...rest }, type);
    const message = (content, stop) => ({
        id: `msg_${id}`, type: 'message', role: 'assistant', model, content, stop_reason: stop, stop_sequence: null, usage,
    });
    const toolUse = (call, input) => ({ type: 'tool_use', id: `toolu_${id}`, name: call.tool.name, input });
    let block = -1;
    let textIsOpen = false;
    const closeText = () => {
        if (textIsOpen) send('content_block_stop', { index: block });
        textIsOpen = false;
    };
    return {
        begin() {
            send('message_start', { message: { ...message([], null), usage: { ...usage, output_tokens: 1 } } });
        },
        text(chunk) {
            if (!textIsOpen) send('content_block_start', { index: ++block, content_block: { type: 'text', text: '' } });
            textIsOpen = true;
            send('content_block_delta', { index: block, delta: { type: 'text_delta', text: chunk } });
        },
        call(call) {
            closeText();
            const json = JSON.stringify(call.input);
            send('content_block_start', { index: ++block, content_block: toolUse(call, {}) });
            for (const part of [json.slice(0, 7), json.slice(7)])
                send('content_block_delta', { index: block, delta: { type: 'input_json_delta', partial_json: part } });
            send('content_block_stop', { index: block });
        },
        end(act) {
            closeText();
            send('message_delta', { delta: { stop_reason: act.call ? 'tool_use' : 'end_turn', stop_sequence: null }, usage });
            send('message_stop', {});
        },
        whole(act) {
            const said = [{ type: 'text', text: act.chunks.join('') }];
            if (act.call) said.push(toolUse(act.call, act.call.input));
            return message(said, act.call ? 'tool_use' : 'end_turn');
        },
    };
}

export const anthropic = {
    name: 'anthropic',
    path: /\/messages(\?|$)/,
    read: (body) => ({
        model: body.model,
        streams: body.stream === true,
        turns: (body.messages ?? []).flatMap(turnsOf),
        tools: (body.tools ?? []).map((tool) => ({ name: tool.name, properties: properties(tool.input_schema) })),
    }),
    failure: ({ type, message }) => ({ type: 'error', error: { type, message } }),
    speaker,
};
