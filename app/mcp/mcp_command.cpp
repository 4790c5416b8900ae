// muster mcp: Muster's tools for an agent, over the Model Context Protocol on stdin and stdout. It ends when
// stdin does and what was asked is answered. A node that goes away is waited for and started again, as with
// every command; what was under way then is told as failed, to be asked again.
#include "app/cli/cli.h"
#include "app/mcp/mcp_calls.h"
#include "app/mcp/mcp_tools.h"
#include "app/mcp/stdio_channel.h"

#include <utility>

namespace muster::app {

namespace {

class McpSession final : public QObject {
public:
    explicit McpSession(Cli &cli)
        : QObject(&cli)
        , m_cli(cli)
        , m_channel(this)
        , m_calls(cli.node(), cli.project(), this)
        , m_server([this](const QByteArray &line) { m_channel.write(line); }, mcpToolList(),
                   mcpInstructions(),
                   [this](const QString &tool, const QJsonObject &arguments, const McpCalls::Answer &answer) {
                       m_calls.call(tool, arguments, [this, answer](const McpToolResult &result) {
                           answer(result);
                           finishIfDone();
                       });
                   })
    {
        connect(&m_channel, &StdioChannel::received, this,
                [this](const QByteArray &bytes) { m_server.receive(bytes); });
        connect(&m_channel, &StdioChannel::closed, this, [this] {
            m_closed = true;
            if (!m_channel.isBroken())
                m_server.finish();
            finishIfDone();
        });
    }

private:
    void finishIfDone()
    {
        const bool done = m_closed && (m_server.openCalls() == 0 || m_channel.isBroken());
        if (done && !std::exchange(m_finished, true))
            m_cli.finish(ExitSuccess);
    }

    Cli &m_cli;
    StdioChannel m_channel;
    McpCalls m_calls;
    McpServer m_server;
    bool m_closed = false;
    bool m_finished = false;
};

} // namespace

void startMcpCommand(Cli &cli) { new McpSession(cli); }

} // namespace muster::app
