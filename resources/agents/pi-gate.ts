// Muster's gate for Pi, which runs its tools without asking: every tool call is put to the host, which shows
// it to the person or answers it by rule. Loaded by `pi --mode rpc -e`. What the host and this file agree on
// is in core/protocol/pi/pi_adapter.h.
//
// Nothing is granted by silence: any answer but "Allow", none at all, or no host to ask, blocks the tool.

const allow = "Allow";
const deny = "Deny";

export default function (pi: any) {
	// The host opens no session before it has seen this.
	pi.on("session_start", (_event: any, ctx: any) => {
		ctx.ui.setStatus("muster-gate", "ready");
	});

	pi.on("tool_call", async (event: any, ctx: any) => {
		if (!ctx.hasUI) return { block: true, reason: "There is no one to ask for permission." };
		const title = `permission:${event.toolName}:${JSON.stringify(event.input ?? {})}`;
		const answer = await ctx.ui.select(title, [allow, deny]);
		if (answer === allow) return undefined;
		const said = typeof answer === "string" && answer.startsWith(`${deny}: `) ? answer.slice(deny.length + 2) : "";
		return { block: true, reason: said || "Permission to use this tool was denied." };
	});
}
