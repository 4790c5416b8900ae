#include "core/viewmodel/step_names.h"

#include "core/events/step_title.h"
#include "core/viewmodel/describe_event.h"

#include <QJsonArray>

using namespace Qt::StringLiterals;

namespace muster {
namespace {

QString itemKey(const QString &step, qsizetype item) { return step % u'[' % QString::number(item) % u']'; }

} // namespace

void StepNames::learn(const Event &event)
{
    const bool isKept = event.kind == "step.kept"_L1;
    if (isKept || event.kind == "step.expanded"_L1) {
        const QString step = event.data.value("step"_L1).toString();
        const QJsonArray items = event.data.value(isKept ? "list"_L1 : "items"_L1).toArray();
        for (qsizetype i = 0; i < items.size(); ++i)
            m_items.insert(itemKey(step, i), stepTitle(step, static_cast<int>(i), itemLabel(items.at(i))));
    }
    if (event.refs.step.isValid() && !stepNameOf(event).isEmpty())
        m_rows.insert(event.refs.step, of(event));
}

QString StepNames::of(const Event &event) const
{
    const QString step = stepNameOf(event);
    return step.isEmpty() ? m_rows.value(event.refs.step) : m_items.value(step, step);
}

Event StepNames::named(Event event) const
{
    const QString step = stepNameOf(event);
    const auto name = m_items.constFind(step);
    if (step.isEmpty() || name == m_items.cend())
        return event;
    if (QString key = event.data.value("key"_L1).toString(); !key.isEmpty()) {
        key.replace(key.indexOf(u'/') + 1, step.size(), *name);
        event.data.insert("key"_L1, key);
    } else {
        event.data.insert("step"_L1, *name);
        event.data.remove("item"_L1);
    }
    return event;
}

} // namespace muster
