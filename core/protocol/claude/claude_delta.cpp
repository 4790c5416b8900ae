#include "core/protocol/claude/claude_delta.h"

#include "core/protocol/simd_text.h"

#include <simdjson.h>

namespace muster {

namespace {

namespace sj = simdjson::ondemand;

// {"type":"text_delta","text":…} or {"type":"thinking_delta","thinking":…}
bool readDelta(sj::value &value, ClaudeDelta &delta)
{
    sj::object object;
    if (value.get_object().get(object))
        return false;
    std::string_view wanted;
    bool filled = false;
    const bool complete = eachMember(object, [&](std::string_view key, sj::value &member) {
        if (key == "type") {
            std::string_view type;
            if (member.get_string().get(type))
                return false;
            delta.thinking = type == "thinking_delta";
            wanted = delta.thinking ? "thinking" : "text";
            return delta.thinking || type == "text_delta";
        }
        if (key == wanted)
            return filled = readText(member, delta.text);
        return false;
    });
    return complete && filled;
}

bool readEvent(sj::value &value, ClaudeDelta &delta)
{
    sj::object object;
    if (value.get_object().get(object))
        return false;
    bool isDelta = false;
    bool filled = false;
    const bool complete = eachMember(object, [&](std::string_view key, sj::value &member) {
        if (key == "type")
            return isDelta = isString(member, "content_block_delta");
        if (!isDelta)
            return false;
        if (key == "delta")
            return filled = readDelta(member, delta);
        return key == "index";
    });
    return complete && filled;
}

} // namespace

struct ClaudeDeltaReader::Parser {
    sj::parser parser;
};

ClaudeDeltaReader::ClaudeDeltaReader()
    : m_parser(std::make_unique<Parser>())
{
}

ClaudeDeltaReader::~ClaudeDeltaReader() = default;

bool ClaudeDeltaReader::read(QByteArrayView line, ClaudeDelta &delta)
{
    sj::document document;
    sj::object root;
    if (!openObject(m_parser->parser, line, document, root))
        return false;
    bool isEvent = false;
    bool filled = false;
    const bool complete = eachMember(root, [&](std::string_view key, sj::value &member) {
        if (key == "type")
            return isEvent = isString(member, "stream_event");
        if (key == "event")
            return isEvent && (filled = readEvent(member, delta));
        if (key == "parent_tool_use_id") {
            bool isNull = false;
            return !member.is_null().get(isNull) && isNull;
        }
        return isEvent; // ids and times
    });
    return complete && filled && document.at_end();
}

} // namespace muster
