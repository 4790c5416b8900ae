// McpServers: which servers of the Model Context Protocol a session gets: Muster's own, unless the setting
// `mcp.own` says no, and those of mcp.json. The file is read for each session, so that what a person writes
// there counts from the next one on. Core thread.
#pragma once

#include "core/agent/mcp_settings.h"
#include "core/base/async.h"
#include "core/base/paths.h"
#include "core/node/api/values.h"

#include <functional>

namespace muster {

class McpServers : public AsyncOwner {
public:
    McpServers(const Paths &paths, QString binFolder, std::function<bool()> offersOwn);

    // For an agent that works for the project in this folder. No file is no problem.
    [[nodiscard]] Async<McpSettings> forProject(QString root) const;
    // What `doctor` says of mcp.json; none where there is no file.
    [[nodiscard]] Async<std::vector<api::CheckItem>> checks() const;

private:
    [[nodiscard]] McpEntry own(const QString &root) const;

    QString m_file;
    QString m_program;
    McpEntry::Values m_environment; // by which a program finds this home
    std::function<bool()> m_offersOwn;
};

} // namespace muster
