#include "core/node/work/mcp_servers.h"

#include "core/base/redactor.h"

#include <QFile>

#include <array>

namespace muster {

using namespace Qt::StringLiterals;

namespace {

constexpr qint64 mostBytes = 1024 * 1024;

Result<McpSettings> readFile(const QString &path)
{
    QFile file(path);
    if (!file.exists())
        return McpSettings();
    if (!file.open(QIODevice::ReadOnly) || file.size() > mostBytes)
        return McpSettings{
            .servers = {},
            .problems = {{.code = ErrorCode::Io,
                          .detail = file.isOpen() ? u"it has more than 1 MiB"_s : file.errorString(),
                          .where = path}}};
    McpSettings settings = readMcpSettings(file.readAll(), path);
    for (const QString &secret : secretsOf(settings.servers))
        Redactor::global().addSecret(secret);
    return settings;
}

} // namespace

McpServers::McpServers(const Paths &paths, QString binFolder, std::function<bool()> offersOwn)
    : m_file(paths.configDir + u"/mcp.json"_s)
    , m_program(std::move(binFolder) + u"/muster"_s)
    , m_offersOwn(std::move(offersOwn))
{
    // Agents give servers little of their own environment.
    constexpr std::array names{"MUSTER_HOME", "XDG_CONFIG_HOME", "XDG_DATA_HOME", "XDG_STATE_HOME",
                               "XDG_RUNTIME_DIR"};
    for (const char *name : names) {
        if (qEnvironmentVariableIsSet(name))
            m_environment.emplace_back(QString::fromLatin1(name), qEnvironmentVariable(name));
    }
}

McpEntry McpServers::own(const QString &root) const
{
    return {.name = QString::fromLatin1(ownMcpServer),
            .command = m_program,
            .args = {u"mcp"_s, u"--project"_s, root},
            .env = m_environment,
            .ours = true};
}

Async<McpSettings> McpServers::forProject(QString root) const
{
    auto settings = co_await resultOf(onPool([file = m_file] { return readFile(file); }));
    if (settings && m_offersOwn())
        settings->servers.insert(settings->servers.begin(), own(root));
    co_return settings;
}

Async<std::vector<api::CheckItem>> McpServers::checks() const
{
    if (!QFile::exists(m_file))
        co_return std::vector<api::CheckItem>();
    const auto settings = co_await resultOf(onPool([file = m_file] { return readFile(file); }));
    if (!settings)
        co_return std::unexpected(settings.error());
    std::vector<api::CheckItem> items;
    for (const Error &problem : settings->problems)
        items.push_back({.name = u"mcp.json"_s,
                         .state = u"warning"_s,
                         .detail = problem.where + u": "_s + problem.detail,
                         .advice = u"mcp_file"_s});
    if (items.empty())
        items.push_back(
            {.name = u"mcp.json"_s, .state = u"ok"_s, .detail = namesOf(settings->servers).join(u", "_s)});
    co_return items;
}

} // namespace muster
