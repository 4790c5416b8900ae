// JsonSchema: what the JSON that a step gives must look like, and where an answer does not. JSON Schema draft
// 7 but for `format` (which says nothing here), `patternProperties` and references out of the schema; what
// could make a check endless, or use up the stack, is refused when it is made. Value type, any thread; a
// check of a large answer takes a while, so not the core thread.
#pragma once

#include "core/base/result.h"

#include <QJsonObject>
#include <QJsonValue>
#include <QString>

#include <memory>
#include <optional>

namespace muster {

inline constexpr qsizetype kMostSchemaBytes = 64 * 1024;

struct SchemaFault {
    QString place;    // in the answer: $.modules[0].name
    QString what;     // the library's words
    QString expected; // the schema there as JSON, at most 200 characters; empty: not known
};

class JsonSchema {
public:
    // Error InvalidArgument: `where` is the place in the schema (#/properties/name), `detail` the word or the
    // library's sentence.
    [[nodiscard]] static Result<JsonSchema> compile(const QJsonObject &schema);

    [[nodiscard]] std::optional<SchemaFault> check(const QJsonValue &value) const;

private:
    struct Compiled;
    std::shared_ptr<const Compiled> m_compiled;
};

// What is wrong with the output of a step that is to give JSON: empty, or a detail of a failure,
// "output_json", or "output_schema" and the fields of SchemaFault with tabs between.
// `schema`: empty where any JSON will do.
[[nodiscard]] QString outputFault(const QString &output, const QJsonObject &schema);

} // namespace muster
