#include "core/viewmodel/event_names.h"

#include "core/viewmodel/describe_event.h"

#include <QCoreApplication>

using namespace Qt::StringLiterals;

namespace muster {
namespace {

constexpr int askEveryMs = 250;

QString nameOf(const QString &flow, int number) { return u"%1 #%2"_s.arg(flow).arg(number); }

QString nameOf(const api::StepInfo &step)
{
    return step.index < 0 ? step.stepId : QString(step.stepId % u'[' % QString::number(step.index) % u']');
}

} // namespace

EventNames::EventNames(api::NodeApi *node, QObject *parent)
    : QObject(parent)
    , m_node(node)
    , m_refresher([this] { ask(); }, this, askEveryMs)
{
}

void EventNames::setActive(bool active) { m_refresher.setActive(active); }

void EventNames::learn(const std::vector<Event> &events)
{
    for (const Event &event : events) {
        if (event.kind == "run.created"_L1)
            m_runs.insert(event.refs.run, nameOf(event.data.value("flow"_L1).toString(),
                                                 event.data.value("number"_L1).toInt()));
        if (event.refs.step.isValid() && !m_steps.contains(event.refs.step)) {
            if (const QString step = stepNameOf(event); !step.isEmpty())
                m_steps.insert(event.refs.step, step);
        }
    }
}

QString EventNames::runName(RunId run)
{
    const auto found = m_runs.constFind(run);
    if (found != m_runs.cend())
        return *found;
    want(run);
    return tr("run %1").arg(run.toString());
}

QString EventNames::subjectOf(const Event &event)
{
    QStringList parts;
    if (event.refs.run.isValid())
        parts += runName(event.refs.run);
    QString step = stepNameOf(event);
    if (step.isEmpty() && event.refs.step.isValid()) {
        step = m_steps.value(event.refs.step);
        if (step.isEmpty() && event.refs.run.isValid())
            want(event.refs.run);
    }
    if (!step.isEmpty())
        parts += step;
    if (event.refs.session.isValid())
        parts += tr("session %1").arg(event.refs.session.toString());
    else if (event.refs.conversation.isValid())
        parts += tr("chat %1").arg(event.refs.conversation.toString());
    else if (step.isEmpty() && event.refs.task.isValid())
        parts += tr("task %1").arg(event.refs.task.toString());
    return parts.join(u" · "_s);
}

void EventNames::want(RunId run)
{
    if (m_asked.contains(run) || m_wanted.contains(run))
        return;
    m_wanted.insert(run);
    m_refresher.request();
}

void EventNames::ask()
{
    if (m_wanted.isEmpty()) {
        m_refresher.done();
        return;
    }
    const RunId run = *m_wanted.cbegin();
    m_wanted.remove(run);
    m_asked.insert(run);
    m_node->query(api::GetRun{.run = run}, this, [this, run](const Result<api::RunDetail> &detail) {
        if (detail) {
            m_runs.insert(run, nameOf(detail->run.flow, detail->run.number));
            for (const api::StepInfo &step : detail->steps)
                m_steps.insert(step.id, nameOf(step));
            emit changed();
        }
        m_refresher.done();
        if (!m_wanted.isEmpty())
            m_refresher.request();
    });
}

} // namespace muster
