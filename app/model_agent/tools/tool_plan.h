// What a model may do here, and what one call of it would do: looked up before anybody is asked, so that the
// question shows exactly that. A path is followed as the system would and must end inside the workspace.
// Reads the disk: worker threads. Sizes are bounded (tool_limits below).
#pragma once

#include "core/protocol/models/model_conversation.h"

#include <QString>

#include <chrono>
#include <optional>
#include <vector>

namespace muster::model {

struct FileEdit {
    bool existed = false;
    QString before;
    QString after;
};

struct ToolPlan {
    QString tool;
    QString title;
    QString kind; // of the Agent Client Protocol: read, search, edit, execute, other
    QString path; // absolute, links followed; empty: it concerns none
    QString relative;
    QJsonObject input;
    bool asks = false; // a person or a rule must allow it first
    QString refusal;   // why it cannot be done, for the model; empty: it can
    std::optional<FileEdit> edit;
    QString command;
    std::chrono::seconds limit{0}; // of the command
};

namespace tool_limits {
inline constexpr qsizetype answer = 64LL * 1024; // characters of what a tool gives back
inline constexpr int lines = 2000;               // of a file that is read without saying how many
inline constexpr int entries = 1000;             // of a list
inline constexpr int matches = 200;              // of a search
inline constexpr std::chrono::seconds search{10};
inline constexpr std::chrono::seconds command{120}; // where the model says nothing
} // namespace tool_limits

[[nodiscard]] const std::vector<ModelTool> &toolList();

[[nodiscard]] ToolPlan planTool(const QString &workspace, const ModelPart &call,
                                std::chrono::seconds commandLimit);

} // namespace muster::model
