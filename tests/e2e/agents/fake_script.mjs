// What a prompt may ask of the fake model: the last %%order argument%% in the person's text.
//
//   say [N]                 N pieces of text (default 3)
//   slow [N]                N pieces, one a second (default 120)
//   write PATH              a call of the agent's tool that writes a file, then text
//   shell COMMAND           a call of its tool that runs a command, then text
//   mcp TOOL                a call of that tool of Muster's own server, then text
//   loop                    the same call for ever
//   stall                   the answer begins and never goes on
//   drop                    the connection breaks after a few words
//   fail STATUS [RETRY_S [RESET_S]]   an HTTP error, each time; RESET_S: with the end of a limit, in seconds from now
import path from 'node:path';

const ORDER = /%%([a-z]+)(?: ([^%]*))?%%/g;
export const WRITTEN = 'written by the fake model\n';

const MESSAGES = {
    400: ['invalid_request_error', 'prompt is too long'],
    401: ['authentication_error', 'invalid key'],
    429: ['rate_limit_error', 'Rate limit reached: too many requests'],
    500: ['api_error', 'internal error'],
    503: ['overloaded_error', 'unavailable'],
    529: ['overloaded_error', 'overloaded'],
};

// In the order of preference: an agent may offer several.
const SHELLS = ['Bash', 'bash', 'exec_command', 'shell_command', 'shell', 'run_shell_command', 'local_shell', 'run_command'];
const WRITERS = ['Write', 'write_file', 'write', 'create', 'apply_patch', 'create_file'];

// `turns`: what was said, oldest first, each {person: text} or {toolResult: true}.
export function orderOf(turns) {
    let order = null;
    let orders = 0;
    let results = 0;
    for (const turn of turns) {
        const found = turn.person ? [...turn.person.matchAll(ORDER)].at(-1) : null;
        if (found) {
            order = { verb: found[1], argument: (found[2] ?? '').trim() };
            results = 0;
            orders += 1;
        }
        if (turn.toolResult) results += 1;
    }
    return { order: order ?? { verb: 'say', argument: '1' }, orders, results };
}

const firstOffered = (names, tools) => names.map((name) => tools.find((tool) => tool.name === name)).find(Boolean);

function shellCall(command, tools) {
    const tool = firstOffered(SHELLS, tools);
    if (!tool) return null;
    const offered = tool.properties;
    const input = {};
    if ('cmd' in offered) input.cmd = command;
    else input.command = offered.command?.type === 'array' ? ['bash', '-lc', command] : command;
    const extras = { description: 'runs a command', is_background: false, yield_time_ms: 30000, mode: 'sync', initial_wait: 30 };
    for (const [name, value] of Object.entries(extras)) if (name in offered) input[name] = value;
    return { tool, input };
}

function patchCall(tool, file) {
    const patch = `*** Begin Patch\n*** Add File: ${file}\n+${WRITTEN}*** End Patch\n`;
    return tool.freeform ? { tool, freeform: patch } : { tool, input: { input: patch, patch } };
}

// Agents without a tool for files write by their shell.
function writeCall(file, tools) {
    const tool = firstOffered(WRITERS, tools);
    if (!tool) return shellCall(`printf '%s' '${WRITTEN}' > '${file}'`, tools);
    if (tool.name === 'apply_patch') return patchCall(tool, path.basename(file));
    const key = (names, other) => names.find((name) => name in tool.properties) ?? other;
    return {
        tool,
        input: {
            [key(['file_path', 'filePath', 'path', 'absolute_path'], 'path')]: file,
            [key(['content', 'file_text', 'contents', 'text'], 'content')]: WRITTEN,
        },
    };
}

// Each program has its own way to put the server before the tool's name.
function mcpCall(name, tools) {
    const full = (tool) => `${tool.space ?? ''} ${tool.name}`;
    const tool = tools.find((one) => one.name?.endsWith(name) && full(one).includes('muster'));
    if (tool) return { tool, input: {} };
    // Some tell a few tools only, and the others to who looks for them.
    const search = firstOffered(['ToolSearch', 'tool_search'], tools);
    if (!search) return null;
    const byName = 'max_results' in search.properties;
    return {
        tool: search,
        input: byName ? { query: `select:mcp__muster__${name}`, max_results: 5 } : { query: `muster ${name}`, limit: 5 },
    };
}

const text = (chunks, pauseMs = 20) => ({ kind: 'text', chunks, pauseMs });
const numbered = (count, pauseMs) => text(Array.from({ length: count }, (_, i) => `word${i + 1} `), pauseMs);

function toolAct(call, again) {
    return call ? { kind: 'call', chunks: [again ? 'Once more. ' : 'A tool first. '], pauseMs: 5, call } : text(['no such tool']);
}

function failAct(argument) {
    const [status, retryAfterS, resetS] = argument.split(' ').map(Number);
    const [type, message] = MESSAGES[status] ?? ['api_error', 'failed'];
    return { kind: 'fail', status, type, message, retryAfterS: retryAfterS || 1, resetS: resetS || 0 };
}

export function decide({ turns, tools, refused }) {
    if (refused) return failAct('401');
    const { order, results } = orderOf(turns);
    if (order.verb === 'fail') return failAct(order.argument);
    // A side call of the agent's own, for a title for example.
    if (tools.length === 0 && order.verb !== 'say') return text(['A title']);
    switch (order.verb) {
        case 'say': return numbered(Number(order.argument) || 3, 20);
        case 'slow': return numbered(Number(order.argument) || 120, 1000);
        case 'write': return results > 0 ? text(['tool done']) : toolAct(writeCall(order.argument, tools), false);
        case 'shell': return results > 0 ? text(['tool done']) : toolAct(shellCall(order.argument, tools), false);
        case 'mcp': {
            if (results > 0) return text(['tool done']);
            const call = mcpCall(order.argument, tools);
            return call ? toolAct(call, false) : text([`no such tool among ${tools.map((one) => one.name).join(' ')}`]);
        }
        case 'loop': return toolAct(shellCall('true', tools), results > 0);
        case 'stall': return { kind: 'stall', chunks: [], pauseMs: 0 };
        case 'drop': return { kind: 'drop', chunks: ['about ', 'to ', 'break '], pauseMs: 30 };
        default: return text([`unknown order ${order.verb}`]);
    }
}
