#include "core/viewmodel/when_preview.h"

#include "core/viewmodel/describe_schedule.h"

using namespace Qt::StringLiterals;

namespace muster {

WhenPreview::WhenPreview(api::NodeApi *node, QObject *parent)
    : QObject(parent)
    , m_node(node)
{
    m_rest.setSingleShot(true);
    m_rest.setInterval(restMs);
    connect(&m_rest, &QTimer::timeout, this, &WhenPreview::send);
}

void WhenPreview::ask(const api::PreviewWhen &question)
{
    m_question = question;
    m_asking = true;
    ++m_serial;
    m_rest.start();
}

QString WhenPreview::reading() const
{
    const QString sentence = m_preview.kind.isEmpty() ? QString() : describeReading(m_when, m_preview.zone);
    return sentence.isEmpty() ? QString() : QString(sentence % u", " % m_preview.zone);
}

void WhenPreview::send()
{
    m_node->query(m_question, this,
                  [this, serial = m_serial, when = m_question.spec.when](Result<api::SchedulePreview> got) {
        if (serial != m_serial)
            return;
        m_asking = false;
        m_when = when;
        // Without the node nothing is known; the link's state says why.
        m_preview = got ? std::move(*got) : api::SchedulePreview{};
        emit changed();
    });
}

} // namespace muster
