// What the hot readers of all protocols share over simdjson. Internal to core/protocol.
#pragma once

#include "core/protocol/line_framer.h"

#include <QByteArrayView>
#include <QString>

#include <simdjson.h>

#include <string_view>

namespace muster {

// False if the line is not one JSON object. The line needs LineFramer::padding bytes after it, and lives as
// long as `document` and `root` are read.
inline bool openObject(simdjson::ondemand::parser &parser, QByteArrayView line,
                       simdjson::ondemand::document &document, simdjson::ondemand::object &root)
{
    const simdjson::padded_string_view padded(line.data(), static_cast<size_t>(line.size()),
                                              static_cast<size_t>(line.size() + LineFramer::padding));
    return !parser.iterate(padded).get(document) && !document.get_object().get(root);
}

inline bool isString(simdjson::ondemand::value &value, std::string_view expected)
{
    std::string_view found;
    return !value.get_string().get(found) && found == expected;
}

// Calls `member(key, value)` for each; false from it, or from simdjson, ends the reading.
template <typename Member> bool eachMember(simdjson::ondemand::object &object, Member member)
{
    for (auto &&found : object) {
        simdjson::ondemand::field field;
        if (std::move(found).get(field))
            return false;
        if (!member(field.escaped_key(), field.value()))
            return false;
    }
    return true;
}

// Without an escape in it the text stands in the line as it is, and needs no copy through simdjson.
inline bool readText(simdjson::ondemand::value &value, QString &out)
{
    std::string_view token = value.raw_json_token();
    while (!token.empty() && token.back() != '"')
        token.remove_suffix(1);
    if (token.size() < 2 || token.front() != '"')
        return false;
    if (token.find('\\') == std::string_view::npos) {
        out = QString::fromUtf8(token.data() + 1, static_cast<qsizetype>(token.size()) - 2);
        return true;
    }
    std::string_view unescaped;
    if (value.get_string(true).get(unescaped))
        return false;
    out = QString::fromUtf8(unescaped.data(), static_cast<qsizetype>(unescaped.size()));
    return true;
}

} // namespace muster
