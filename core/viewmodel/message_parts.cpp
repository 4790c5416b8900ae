#include "core/viewmodel/message_parts.h"

#include <algorithm>

namespace muster {
namespace {

qsizetype placeIn(const QString &text, qint64 offset)
{
    const qsizetype at = std::clamp<qint64>(offset, 0, text.size());
    return at > 0 && at < text.size() && text.at(at).isLowSurrogate() ? at + 1 : at;
}

// Without the empty lines around it; indentation of its first line counts in Markdown.
QString paragraph(QStringView text)
{
    while (!text.isEmpty() && (text.front() == u'\n' || text.front() == u'\r'))
        text = text.sliced(1);
    while (!text.isEmpty() && text.back().isSpace())
        text.chop(1);
    return text.toString();
}

} // namespace

std::vector<MessagePart> partsOf(const QString &text, const std::vector<api::ToolCall> &tools)
{
    std::vector<MessagePart> parts;
    qsizetype done = 0;
    const auto say = [&](qsizetype to) {
        if (QString words = paragraph(QStringView(text).sliced(done, to - done)); !words.isEmpty())
            parts.push_back({.text = std::move(words), .tools = {}});
        done = to;
    };
    for (const api::ToolCall &tool : tools) {
        say(std::max(done, placeIn(text, tool.textOffset)));
        if (parts.empty() || parts.back().tools.empty())
            parts.emplace_back();
        parts.back().tools.push_back(tool);
    }
    say(text.size());
    return parts;
}

} // namespace muster
