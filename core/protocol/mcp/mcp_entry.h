// McpEntry: one server of the Model Context Protocol that an agent is given, and how agents take it: in the
// Agent Client Protocol's session/new, or as the file `{"mcpServers": …}` that command-line agents read.
// Pure.
#pragma once

#include <QJsonArray>
#include <QJsonObject>
#include <QString>
#include <QStringList>

#include <utility>
#include <vector>

namespace muster {

struct McpEntry {
    enum class Transport : std::uint8_t { Stdio, Http, Sse };
    using Values = std::vector<std::pair<QString, QString>>; // name and value, which may be a secret

    QString name;
    Transport transport = Transport::Stdio;
    QString command; // of Stdio
    QStringList args;
    Values env;
    QString url; // of the others
    Values headers;
    bool ours = false; // Muster's own: its node decides what a call may do, so the agent need not ask first

    // Values that others must not see.
    [[nodiscard]] bool hasSecrets() const { return !ours && (!env.empty() || !headers.empty()); }
};

[[nodiscard]] QJsonObject valuesOf(const McpEntry::Values &values);
[[nodiscard]] QJsonArray acpServers(const std::vector<McpEntry> &servers);
// `trustOurs`: says in the file that ours may be called without asking, where the agent reads that there.
[[nodiscard]] QJsonObject mcpFile(const std::vector<McpEntry> &servers, bool trustOurs);
[[nodiscard]] QStringList namesOf(const std::vector<McpEntry> &servers);

} // namespace muster
