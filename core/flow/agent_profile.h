// AgentProfile: a *.agent.md file: YAML front matter, then the instructions in Markdown. Source: spec
// "flows", Permissions (other files read); docs/flow-format.md. Any thread.
#pragma once

#include "core/flow/flow_definition.h"
#include "core/flow/problem_codes.h"

#include <QByteArray>
#include <QString>
#include <QStringList>

#include <optional>
#include <vector>

namespace muster {

struct AgentProfile {
    QString name;
    QString description;
    QString runtime;
    QString model;
    QStringList tools;
    QStringList skills;
    FlowPermissions permissions;
    QString instructions;
};

struct AgentProfileResult {
    std::optional<AgentProfile> profile; // absent if there is any problem
    FlowProblems problems;
};

[[nodiscard]] AgentProfileResult parseAgentProfile(const QByteArray &text);

// Where a named file (flow, profile) was found. The order of the enum is the order of the lookup.
enum class LookupPlace : std::uint8_t { Project, User, BuiltIn };

template <> struct EnumNames<LookupPlace> {
    static constexpr std::array table{std::pair{LookupPlace::Project, "project"},
                                      std::pair{LookupPlace::User, "user"},
                                      std::pair{LookupPlace::BuiltIn, "built-in"}};
};

struct NamedFile {
    QString name;
    QString path;
    LookupPlace place = LookupPlace::BuiltIn;

    friend bool operator==(const NamedFile &, const NamedFile &) = default;
};

struct ResolvedFile {
    NamedFile file;
    std::vector<NamedFile> hides; // of the same name, in the order of the lookup
};

// One entry for each name, sorted by name: the first place wins; within one place the first path by name.
[[nodiscard]] std::vector<ResolvedFile> resolveNamedFiles(std::vector<NamedFile> candidates);

} // namespace muster
