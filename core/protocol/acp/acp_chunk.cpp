#include "core/protocol/acp/acp_chunk.h"

#include "core/protocol/simd_text.h"

#include <simdjson.h>

namespace muster {

namespace {

namespace sj = simdjson::ondemand;

// An id that repeats from chunk to chunk shares one string.
struct SharedText {
    QByteArray bytes;
    QString text;

    void read(std::string_view found, QString &out)
    {
        const QByteArrayView view(found.data(), static_cast<qsizetype>(found.size()));
        if (view != QByteArrayView(bytes)) {
            bytes = view.toByteArray();
            text = QString::fromUtf8(view);
        }
        out = text;
    }
};

} // namespace

struct AcpChunkReader::Parser {
    sj::parser parser;
    SharedText session;
    SharedText message;

    bool readShared(sj::value &value, SharedText &shared, QString &out)
    {
        std::string_view text;
        if (value.get_string().get(text))
            return false;
        shared.read(text, out);
        return true;
    }

    static bool readContent(sj::value &value, AcpChunk &chunk)
    {
        sj::object content;
        if (value.get_object().get(content))
            return false;
        bool isText = false;
        bool found = false;
        const bool complete = eachMember(content, [&](std::string_view key, sj::value &member) {
            if (key == "type")
                return isText = isString(member, "text");
            if (key == "text")
                return found = readText(member, chunk.text);
            return key != "_meta";
        });
        return complete && isText && found;
    }

    bool readUpdate(sj::value &value, AcpChunk &chunk)
    {
        sj::object update;
        if (value.get_object().get(update))
            return false;
        bool known = false;
        bool filled = false;
        const bool complete = eachMember(update, [&](std::string_view key, sj::value &member) {
            if (key == "sessionUpdate") {
                std::string_view kind;
                if (member.get_string().get(kind))
                    return false;
                chunk.kind = kind == "agent_message_chunk" ? AcpChunk::Kind::Text : AcpChunk::Kind::Thinking;
                return known = kind == "agent_message_chunk" || kind == "agent_thought_chunk";
            }
            // Agents whose JSON library sorts the members say what before they say which.
            if (key == "content")
                return filled = readContent(member, chunk);
            if (key == "messageId")
                return readShared(member, message, chunk.messageId);
            return false;
        });
        return complete && known && filled;
    }

    bool readParams(sj::value &value, AcpChunk &chunk)
    {
        sj::object params;
        if (value.get_object().get(params))
            return false;
        bool filled = false;
        const bool complete = eachMember(params, [&](std::string_view key, sj::value &member) {
            if (key == "sessionId")
                return readShared(member, session, chunk.sessionId);
            if (key == "update")
                return filled = readUpdate(member, chunk);
            return false;
        });
        return complete && filled;
    }
};

AcpChunkReader::AcpChunkReader()
    : m_parser(std::make_unique<Parser>())
{
}

AcpChunkReader::~AcpChunkReader() = default;

bool AcpChunkReader::read(QByteArrayView line, AcpChunk &chunk)
{
    sj::document document;
    sj::object root;
    if (!openObject(m_parser->parser, line, document, root))
        return false;
    chunk.sessionId.clear();
    chunk.messageId.clear();
    bool isUpdate = false;
    bool filled = false;
    const bool complete = eachMember(root, [&](std::string_view key, sj::value &member) {
        if (key == "jsonrpc")
            return true;
        if (key == "method")
            return isUpdate = isString(member, "session/update");
        if (key == "params" && isUpdate)
            return filled = m_parser->readParams(member, chunk);
        return false;
    });
    return complete && filled && document.at_end();
}

} // namespace muster
