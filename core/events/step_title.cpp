#include "core/events/step_title.h"

#include <QJsonDocument>
#include <QJsonObject>

using namespace Qt::StringLiterals;

namespace muster {
namespace {

constexpr qsizetype mostOfLabel = 80;

QString labelText(const QJsonValue &item)
{
    for (const auto key : {"name"_L1, "path"_L1, "id"_L1, "title"_L1}) {
        if (const QString text = item[key].toString(); !text.isEmpty())
            return text;
    }
    if (item.isObject())
        return QString::fromUtf8(QJsonDocument(item.toObject()).toJson(QJsonDocument::Compact));
    return item.toVariant().toString();
}

} // namespace

QString itemLabel(const QJsonValue &item)
{
    const QString label = labelText(item).left(2 * mostOfLabel).simplified();
    return label.size() > mostOfLabel ? QString(label.left(mostOfLabel - 1).trimmed() % u'…') : label;
}

QString stepCode(const QString &step, int index)
{
    return index < 0 ? step : u"%1[%2]"_s.arg(step).arg(index);
}

QString itemTitle(const QString &step, int index, const QString &label)
{
    return label.isEmpty() ? u"%1 %2"_s.arg(step).arg(index + 1) : label;
}

QString stepTitle(const QString &step, int index, const QString &label)
{
    if (index < 0)
        return step;
    const QString item = itemTitle(step, index, label);
    return label.isEmpty() ? item : QString(step % u" · " % item);
}

} // namespace muster
