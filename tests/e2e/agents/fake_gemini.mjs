// Gemini generateContent and streamGenerateContent.
import { event, properties, TOKENS } from './fake_wire.mjs';

const usageMetadata = {
    promptTokenCount: TOKENS.input,
    cachedContentTokenCount: TOKENS.cached,
    candidatesTokenCount: TOKENS.output,
    thoughtsTokenCount: TOKENS.reasoning,
    totalTokenCount: TOKENS.input + TOKENS.output + TOKENS.reasoning,
};

function turnsOf(content) {
    return (content.parts ?? []).map((part) => {
        if (part.functionResponse) return { toolResult: true };
        return content.role === 'user' ? { person: part.text ?? '' } : {};
    });
}

function speaker(response, { id, model, wantsJson }) {
    const piece = (parts, finishReason) => ({
        candidates: [{ content: { role: 'model', parts }, index: 0, ...(finishReason ? { finishReason } : {}) }],
        usageMetadata, modelVersion: model, responseId: `g${id}`,
    });
    const functionCall = (call) => ({ functionCall: { id: `call_${id}`, name: call.tool.name, args: call.input } });
    let called = false;
    return {
        begin() {}, // the head of the answer is its beginning
        text: (chunk) => event(response, piece([{ text: chunk }])),
        call(call) {
            called = true;
            event(response, piece([functionCall(call)], 'STOP'));
        },
        end() {
            if (!called) event(response, piece([{ text: '' }], 'STOP'));
        },
        whole(act) {
            // The program's own questions: which model should answer, and who speaks next.
            const said = wantsJson
                ? JSON.stringify({ reasoning: 'fake', model_choice: 'flash', complexity_score: 10, complexity_reasoning: 'fake', next_speaker: 'user' })
                : act.chunks.join('');
            return piece([{ text: said }, ...(act.call ? [functionCall(act.call)] : [])], 'STOP');
        },
    };
}

export const gemini = {
    name: 'gemini',
    path: /generateContent/i,
    read: (body, url) => ({
        model: decodeURIComponent(/models\/([^:]+):/.exec(url)?.[1] ?? 'fake'),
        streams: /streamGenerateContent/.test(url),
        wantsJson: Boolean(body.generationConfig?.responseJsonSchema) || body.generationConfig?.responseMimeType === 'application/json',
        turns: (body.contents ?? []).flatMap(turnsOf),
        tools: (body.tools ?? [])
            .flatMap((group) => group.functionDeclarations ?? [])
            .map((tool) => ({ name: tool.name, properties: properties(tool.parametersJsonSchema ?? tool.parameters) })),
    }),
    failure: ({ status, message }) => ({
        error: { code: status, message, status: { 429: 'RESOURCE_EXHAUSTED', 401: 'UNAUTHENTICATED', 503: 'UNAVAILABLE' }[status] ?? 'INTERNAL' },
    }),
    speaker,
};
