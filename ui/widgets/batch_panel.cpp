#include "ui/widgets/batch_panel.h"

#include "core/viewmodel/describe.h"
#include "core/viewmodel/visible_text.h"
#include "ui/theme/metrics.h"
#include "ui/widgets/answering.h"

#include <QFontDatabase>
#include <QHBoxLayout>
#include <QLabel>
#include <QPlainTextEdit>
#include <QPushButton>
#include <QVBoxLayout>

using namespace Qt::StringLiterals;

namespace muster {
namespace {

bool isAnsweredAlone(const api::InboxInfo &item) { return item.kind == InboxKind::Question; }

QString inFull(const api::InboxInfo &item)
{
    QStringList lines{u"%1: %2"_s.arg(describe(item.kind), withVisibleMarks(item.title)), item.who,
                      describeRisk(item), describePlace(item)};
    if (!item.command.isEmpty())
        lines += withVisibleMarks(item.command);
    else if (!item.paths.isEmpty())
        lines += withVisibleMarks(item.paths.join(u", "_s));
    if (!item.diff.isEmpty())
        lines += withVisibleMarks(item.diff);
    lines.removeAll(QString());
    return lines.join(u'\n');
}

} // namespace

BatchPanel::BatchPanel(QWidget *parent)
    : QWidget(parent)
    , m_title(new QLabel(this))
    , m_content(new QPlainTextEdit(this))
    , m_left(new QLabel(this))
    , m_yes(new QPushButton(tr("&Yes to all"), this))
    , m_no(new QPushButton(tr("&No to all"), this))
    , m_later(new QPushButton(tr("&Later"), this))
{
    makeReadable(m_title);
    m_content->setReadOnly(true);
    m_content->setTabChangesFocus(true);
    m_content->setAccessibleName(tr("Exactly what is asked for"));
    m_content->setProperty("role", u"code"_s);
    m_content->setFont(QFontDatabase::systemFont(QFontDatabase::FixedFont));
    m_left->setTextFormat(Qt::PlainText);
    m_left->setWordWrap(true);
    m_left->setProperty("role", u"muted"_s);
    for (QPushButton *button : {m_yes, m_no, m_later})
        makeAnswer(button);
    connect(m_yes, &QPushButton::clicked, this, [this] { answer(api::AnswerKind::Yes); });
    connect(m_no, &QPushButton::clicked, this, [this] { answer(api::AnswerKind::No); });
    connect(m_later, &QPushButton::clicked, this, [this] { answer(api::AnswerKind::Later); });
    layOut();
}

void BatchPanel::layOut()
{
    auto *buttons = new QHBoxLayout;
    buttons->setSpacing(metrics::normal());
    for (QPushButton *button : {m_yes, m_no, m_later})
        buttons->addWidget(button);
    buttons->addStretch();
    auto *column = new QVBoxLayout(this);
    column->setContentsMargins(metrics::units(3), metrics::normal(), metrics::units(3), metrics::normal());
    column->setSpacing(metrics::normal());
    column->addWidget(m_title);
    column->addWidget(m_content, 1);
    column->addWidget(m_left);
    column->addLayout(buttons);
}

void BatchPanel::setItems(const std::vector<api::InboxInfo> &items, bool answering)
{
    std::vector<InboxId> together;
    QStringList texts;
    for (const api::InboxInfo &item : items) {
        if (isAnsweredAlone(item))
            continue;
        together.push_back(item.id);
        texts += inFull(item);
    }
    const auto left = static_cast<int>(items.size() - together.size());
    const auto count = static_cast<int>(together.size());
    m_title->setText(tr("%n thing(s) to answer together", nullptr, count));
    m_left->setText(tr("%n question(s) among them need an answer of their own.", nullptr, left));
    m_left->setVisible(left > 0);
    if (together != m_items) {
        m_content->setPlainText(texts.join(u"\n\n"_s));
        m_pause.begin();
    }
    m_items = std::move(together);
    for (QPushButton *button : {m_yes, m_no, m_later})
        button->setEnabled(count > 0 && !answering);
}

void BatchPanel::answer(api::AnswerKind kind)
{
    if (!m_pause.isOver() || !m_yes->isEnabled())
        return;
    const std::vector<InboxId> items = m_items; // answering changes them
    for (const InboxId item : items)
        emit answered({.inbox = item, .answer = kind});
}

} // namespace muster
