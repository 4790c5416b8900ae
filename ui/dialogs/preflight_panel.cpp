#include "ui/dialogs/preflight_panel.h"

#include "core/viewmodel/describe.h"
#include "core/viewmodel/describe_preflight.h"
#include "core/viewmodel/node_feed.h"
#include "ui/theme/metrics.h"
#include "ui/widgets/fact_line.h"

#include <QFontDatabase>
#include <QPlainTextEdit>
#include <QPushButton>
#include <QVBoxLayout>

using namespace Qt::StringLiterals;

namespace muster {
namespace {

constexpr int askAfterMs = 250;
constexpr int mostWarnings = 4;
constexpr qsizetype mostPlaces = 5;
constexpr int mostSteps = 500;
constexpr int outlineLines = 8;

} // namespace

PreflightPanel::PreflightPanel(NodeFeed *feed, QWidget *parent)
    : QWidget(parent)
    , m_feed(feed)
    , m_facts(new QWidget(this))
    , m_estimate(new FactLine(this))
    , m_places(new FactLine(this))
    , m_more(new QPushButton(this))
    , m_outline(new QPlainTextEdit(this))
{
    m_estimate->setAccessibleName(tr("What a run would take"));
    m_places->setAccessibleName(tr("Which steps work where"));
    m_more->setCheckable(true);
    m_more->hide();
    m_outline->setReadOnly(true);
    m_outline->setAccessibleName(tr("Steps of the flow"));
    m_outline->setFont(QFontDatabase::systemFont(QFontDatabase::FixedFont));
    m_outline->setLineWrapMode(QPlainTextEdit::NoWrap);
    m_outline->setTabChangesFocus(true);
    m_outline->setFixedHeight(m_outline->fontMetrics().lineSpacing() * outlineLines);
    m_outline->hide();
    auto *facts = new QVBoxLayout(m_facts);
    facts->setContentsMargins(0, 0, 0, 0);
    facts->setSpacing(metrics::tight());
    auto *row = new QHBoxLayout;
    row->addWidget(m_more);
    row->addStretch();
    auto *column = new QVBoxLayout(this);
    column->setContentsMargins(0, 0, 0, 0);
    column->setSpacing(metrics::units(3)); // as in the dialog
    column->addWidget(m_facts);
    column->addWidget(m_estimate);
    column->addWidget(m_places);
    column->addLayout(row);
    column->addWidget(m_outline);
    connect(m_more, &QPushButton::toggled, this, [this](bool open) {
        m_outline->setVisible(open);
        layout()->activate(); // so that its new height is known at once
        emit shown();
    });
    m_askSoon.setSingleShot(true);
    m_askSoon.setInterval(askAfterMs);
    connect(&m_askSoon, &QTimer::timeout, this, &PreflightPanel::send);
    hide();
}

void PreflightPanel::ask(const api::Preflight &question)
{
    m_question = question;
    ++m_serial;
    m_askSoon.start();
}

void PreflightPanel::clear()
{
    ++m_serial;
    m_askSoon.stop();
    hide();
}

void PreflightPanel::send()
{
    m_feed->node().query(m_question, this, [this, serial = m_serial](const Result<api::PreflightInfo> &info) {
        if (serial != m_serial)
            return;
        if (!info || !info->check.problems.empty())
            clear(); // the file's problems are told elsewhere, and a start tells what else is wrong
        else
            show(*info);
        emit shown();
    });
}

void PreflightPanel::addWarning(const QString &text, bool stops)
{
    auto *line = new FactLine(m_facts);
    line->setFact(text, stops ? StatusLook{u"warning"_s, &ThemeColors::failed} : lookOfFallback());
    m_facts->layout()->addWidget(line);
}

void PreflightPanel::show(const api::PreflightInfo &info)
{
    qDeleteAll(m_facts->findChildren<FactLine *>(Qt::FindDirectChildrenOnly));
    if (info.needsGit)
        addWarning(tr("This project is no git repository, and this flow works in worktrees of one."), true);
    int left = mostWarnings;
    for (const api::RuntimeForecast &runtime : info.runtimes) {
        if (--left >= 0)
            addWarning(describe(runtime), runtime.taken.isEmpty());
    }
    for (const api::CapForecast &cap : info.caps) {
        if (--left >= 0)
            addWarning(describe(cap), cap.likely);
    }
    if (left < 0)
        addWarning(tr("… and %n more; “muster flow check” tells them all", nullptr, -left), false);
    m_facts->setVisible(!m_facts->findChildren<FactLine *>(Qt::FindDirectChildrenOnly).isEmpty());
    m_estimate->setFact(describeEstimate(info).join(u'\n'), {u"gauge"_s, &ThemeColors::neutral});
    const QStringList places = describePlaces(info.check, PlaceWords::OnlyWhere);
    m_places->setFact(places.first(std::min(mostPlaces, places.size())).join(u'\n'),
                      {u"branch"_s, &ThemeColors::neutral});
    m_more->setText(tr("Show the %n step(s)", nullptr, static_cast<int>(info.check.steps.size())));
    m_more->show();
    m_outline->setPlainText(outlineOf(info.check, mostSteps).join(u'\n'));
    setVisible(true);
}

} // namespace muster
