// OpenAI Responses and Chat Completions, streamed and whole.
import { event, plainText, properties, TOKENS } from './fake_wire.mjs';

const failure = ({ type, message, status }) => ({
    error: { message, type: status === 429 ? 'rate_limit_exceeded' : type, code: status === 429 ? 'rate_limit_exceeded' : null },
});

const responsesUsage = {
    input_tokens: TOKENS.input,
    input_tokens_details: { cached_tokens: TOKENS.cached },
    output_tokens: TOKENS.output,
    output_tokens_details: { reasoning_tokens: TOKENS.reasoning },
    total_tokens: TOKENS.input + TOKENS.output,
};

const chatUsage = {
    prompt_tokens: TOKENS.input,
    completion_tokens: TOKENS.output,
    total_tokens: TOKENS.input + TOKENS.output,
    prompt_tokens_details: { cached_tokens: TOKENS.cached },
    completion_tokens_details: { reasoning_tokens: TOKENS.reasoning },
};

function responsesTurn(item) {
    if (item.type === 'tool_search_output') return {}; // what it found is read with the tools
    if (/_output$/.test(item.type ?? '')) return { toolResult: true };
    return item.role === 'user' ? { person: plainText(item.content) } : {};
}

function responsesTools(tool) {
    const one = (t, space) => ({ name: t.name ?? t.type, space, freeform: t.type === 'custom', properties: properties(t.parameters) });
    return tool.type === 'namespace' ? (tool.tools ?? []).map((t) => one(t, tool.name)) : [one(tool)];
}

// Tools that are not told from the start, once a search has found them.
const foundTools = (input) =>
    (Array.isArray(input) ? input : []).filter((item) => item.type === 'tool_search_output').flatMap((item) => item.tools ?? []);

function responsesSpeaker(response, { id, model }) {
    let number = 0;
    let said = '';
    const output = [];
    const send = (type, rest) => event(response, { type, sequence_number: number++, ...rest }, type);
    const envelope = (status) => ({
        id: `resp_${id}`, object: 'response', created_at: Math.floor(Date.now() / 1000), status, model, output,
        usage: status === 'completed' ? responsesUsage : null, error: null, incomplete_details: null,
        parallel_tool_calls: true, tools: [], metadata: {},
    });
    const message = (text, status) => ({
        id: `msg_${id}`, type: 'message', role: 'assistant', status,
        content: text ? [{ type: 'output_text', text, annotations: [] }] : [],
    });
    const where = () => ({ output_index: output.length, item_id: `msg_${id}`, content_index: 0 });
    const toolItem = (call) => {
        const shared = { call_id: `call_${id}`, name: call.tool.name, status: 'completed' };
        if (call.freeform) return { id: `ctc_${id}`, type: 'custom_tool_call', input: call.freeform, ...shared };
        if (call.tool.name === 'tool_search')
            return { id: `ts_${id}`, type: 'tool_search_call', execution: 'client', arguments: call.input, call_id: shared.call_id, status: shared.status };
        const space = call.tool.space ? { namespace: call.tool.space } : {};
        return { id: `fc_${id}`, type: 'function_call', arguments: JSON.stringify(call.input), ...shared, ...space };
    };
    const closeText = () => {
        if (!said || output.length) return;
        send('response.output_text.done', { ...where(), text: said });
        send('response.output_item.done', { output_index: 0, item: message(said, 'completed') });
        output.push(message(said, 'completed'));
    };
    return {
        begin() {
            send('response.created', { response: envelope('in_progress') });
        },
        text(chunk) {
            if (!said) {
                send('response.output_item.added', { output_index: 0, item: message('', 'in_progress') });
                send('response.content_part.added', { ...where(), part: { type: 'output_text', text: '', annotations: [] } });
            }
            said += chunk;
            send('response.output_text.delta', { ...where(), delta: chunk });
        },
        call(call) {
            closeText();
            const item = toolItem(call);
            const blank = call.freeform ? { input: '' } : { arguments: '' };
            const inPieces = typeof (item.input ?? item.arguments) === 'string';
            send('response.output_item.added',
                { output_index: output.length, item: { ...item, ...(inPieces ? blank : {}), status: 'in_progress' } });
            if (inPieces) send(call.freeform ? 'response.custom_tool_call_input.delta' : 'response.function_call_arguments.delta',
                { output_index: output.length, item_id: item.id, delta: item.input ?? item.arguments });
            send('response.output_item.done', { output_index: output.length, item });
            output.push(item);
        },
        end() {
            closeText();
            send('response.completed', { response: envelope('completed') });
        },
        whole(act) {
            output.push(message(act.chunks.join(''), 'completed'));
            if (act.call) output.push(toolItem(act.call));
            return envelope('completed');
        },
    };
}

export const responses = {
    name: 'responses',
    path: /\/responses(\?|$)/,
    read: (body) => ({
        model: body.model,
        streams: body.stream === true,
        turns: (typeof body.input === 'string' ? [{ role: 'user', content: body.input }] : body.input ?? []).map(responsesTurn),
        tools: [...(body.tools ?? []), ...foundTools(body.input)].flatMap(responsesTools),
    }),
    failure,
    speaker: responsesSpeaker,
};

// The answer to a search for tools is none of a tool's: it names some that may be called from then on.
function searchAnswers(messages) {
    const calls = messages.flatMap((message) => message.tool_calls ?? []);
    const searches = new Set(calls.filter((call) => /^tool_?search$/i.test(call.function?.name)).map((call) => call.id));
    return messages.filter((message) => message.role === 'tool' && searches.has(message.tool_call_id));
}

const foundNames = (messages) =>
    searchAnswers(messages).flatMap((message) => [...plainText(message.content).matchAll(/"name":"([^"]+)"/g)].map((m) => m[1]));

function chatTurns(messages) {
    const searched = searchAnswers(messages);
    return messages.map((message) => {
        if (message.role === 'tool') return { toolResult: !searched.includes(message) };
        return message.role === 'user' ? { person: plainText(message.content) } : {};
    });
}

function chatSpeaker(response, { id, model }) {
    const shared = { id: `chatcmpl-${id}`, created: 1, model };
    const chunk = (choices, rest = {}) => event(response, { ...shared, object: 'chat.completion.chunk', choices, ...rest });
    const toolCall = (call) => ({ id: `call_${id}`, type: 'function', function: { name: call.tool.name, arguments: JSON.stringify(call.input) } });
    const reason = (act) => (act.call ? 'tool_calls' : 'stop');
    return {
        begin: () => chunk([{ index: 0, delta: { role: 'assistant', content: '' }, finish_reason: null }]),
        text: (piece) => chunk([{ index: 0, delta: { content: piece }, finish_reason: null }]),
        call: (call) => chunk([{ index: 0, delta: { tool_calls: [{ index: 0, ...toolCall(call) }] }, finish_reason: null }]),
        end(act) {
            chunk([{ index: 0, delta: {}, finish_reason: reason(act) }]);
            chunk([], { usage: chatUsage });
            response.write('data: [DONE]\n\n');
        },
        whole: (act) => ({
            ...shared,
            object: 'chat.completion',
            choices: [{
                index: 0,
                message: { role: 'assistant', content: act.chunks.join(''), ...(act.call ? { tool_calls: [toolCall(act.call)] } : {}) },
                finish_reason: reason(act),
            }],
            usage: chatUsage,
        }),
    };
}

export const chat = {
    name: 'chat',
    path: /\/chat\/completions(\?|$)/,
    read: (body) => ({
        model: body.model,
        streams: body.stream === true,
        turns: chatTurns(body.messages ?? []),
        tools: [
            ...(body.tools ?? []).map((tool) => ({ name: tool.function?.name, properties: properties(tool.function?.parameters) })),
            ...foundNames(body.messages ?? []).map((name) => ({ name, properties: {} })),
        ],
    }),
    failure,
    speaker: chatSpeaker,
};
