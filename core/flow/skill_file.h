// Skill and Team: a SKILL.md (front matter with name and description, then what the agent is told) and a
// *.team.md (front matter with roles, each a profile). Source: spec "flows", Permissions (other files read);
// docs/flow-format.md. Any thread.
#pragma once

#include "core/flow/problem_codes.h"

#include <QByteArray>
#include <QMap>
#include <QString>

#include <optional>

namespace muster {

struct Skill {
    QString name;
    QString description;
    QString text;
};

struct Team {
    QString name;
    QString description;
    QMap<QString, QString> roles; // role to profile
};

template <typename T> struct NamedFileResult {
    std::optional<T> value; // absent if there is any problem
    FlowProblems problems;
};

[[nodiscard]] NamedFileResult<Skill> parseSkill(const QByteArray &text);
[[nodiscard]] NamedFileResult<Team> parseTeam(const QByteArray &text);

} // namespace muster
