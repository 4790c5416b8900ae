#include "app/demo_agent/serve/prompt_blocks.h"

#include <QJsonDocument>

using namespace Qt::StringLiterals;

namespace muster::demo {

Prompt promptFrom(const QJsonArray &blocks)
{
    Prompt prompt;
    for (const auto &value : blocks) {
        const QJsonObject block = value.toObject();
        const QString type = block.value("type"_L1).toString();
        if (type == "text"_L1)
            prompt.texts.append(block.value("text"_L1).toString());
        else if (type == "resource"_L1)
            prompt.context.append(block.value("resource"_L1).toObject().value("text"_L1).toString());
        else if (type == "resource_link"_L1)
            prompt.links.append(block.value("uri"_L1).toString().remove(u"file://"_s));
    }
    return prompt;
}

Permission permissionFrom(const QByteArray &result)
{
    const QJsonObject outcome = QJsonDocument::fromJson(result).object().value("outcome"_L1).toObject();
    if (outcome.value("outcome"_L1).toString() != "selected"_L1)
        return Permission::Cancelled;
    const QString option = outcome.value("optionId"_L1).toString();
    if (option == "allow_once"_L1)
        return Permission::Allowed;
    if (option == "allow_always"_L1)
        return Permission::AllowedAlways;
    if (option == "reject_once"_L1)
        return Permission::Rejected;
    return option == "reject_always"_L1 ? Permission::RejectedAlways : Permission::Cancelled;
}

} // namespace muster::demo
