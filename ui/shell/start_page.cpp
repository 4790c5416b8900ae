#include "ui/shell/start_page.h"

#include "ui/theme/icons.h"
#include "ui/theme/metrics.h"
#include "ui/widgets/list_view.h"
#include "ui/widgets/recolored_icon_label.h"

#include <QAbstractItemModel>
#include <QGridLayout>
#include <QHBoxLayout>
#include <QLabel>
#include <QPushButton>
#include <QScrollArea>
#include <QVBoxLayout>

using namespace Qt::StringLiterals;

namespace muster {
namespace {

QLabel *label(const QString &text, const QString &role, QWidget *parent)
{
    auto *made = new QLabel(text, parent);
    made->setProperty("role", role);
    made->setWordWrap(true);
    return made;
}

constexpr int mostRecent = 6;

RowLook lookOfProject(const QModelIndex &index)
{
    return {.sign = {u"project"_s, &ThemeColors::neutral},
            .title = index.data().toString(),
            .subtitle = index.data(Qt::ToolTipRole).toString()};
}

} // namespace

StartPage::StartPage(QAbstractItemModel *recent, QWidget *parent)
    : QWidget(parent)
    , m_recentModel(recent)
    , m_problem(new QLabel(this))
    , m_recentTitle(new QLabel(tr("Recent projects"), this))
    , m_recent(new ListView(tr("Recent projects"), lookOfProject, true, this))
    , m_demo(new QPushButton(tr("&Run the demo"), this))
    , m_open(new QPushButton(themedIcon(u"folder-open"_s), tr("&Open a repository…"), this))
{
    m_problem->setProperty("role", u"error"_s);
    m_problem->setTextFormat(Qt::PlainText);
    m_problem->setWordWrap(true);
    m_problem->hide();
    m_recentTitle->setProperty("role", u"heading"_s);
    m_recentTitle->setBuddy(m_recent);
    m_recent->setModel(recent);
    m_recent->setMaxRows(mostRecent);
    const auto choose = [this](const QModelIndex &index) {
        emit projectChosen(index.data(Qt::ToolTipRole).toString());
    };
    connect(m_recent, &ListView::activated, this, choose);
    connect(m_demo, &QPushButton::clicked, this, &StartPage::demoWanted);
    connect(m_open, &QPushButton::clicked, this, &StartPage::openWanted);
    for (const auto changed : {&QAbstractItemModel::rowsInserted, &QAbstractItemModel::rowsRemoved})
        connect(recent, changed, this, &StartPage::updateRecent);
    connect(recent, &QAbstractItemModel::modelReset, this, &StartPage::updateRecent);

    auto *content = new QWidget(this);
    content->setMaximumWidth(metrics::units(170));
    auto *column = new QVBoxLayout(content);
    column->setContentsMargins(metrics::wide(), metrics::units(8), metrics::wide(), metrics::wide());
    column->setSpacing(metrics::wide());
    auto *sign = new QLabel(content);
    sign->setPixmap(signPixmap(u"muster"_s, metrics::units(12), devicePixelRatioF()));
    column->addWidget(sign);
    column->addWidget(label(tr("Muster"), u"title"_s, content));
    column->addWidget(
        label(tr("Run, watch and govern many agents on your own code. Nothing leaves your machine "
                 "until you choose an agent that does, and nothing is written without your yes."),
              u"muted"_s, content));
    column->addWidget(m_problem);
    column->addWidget(makeActions());
    column->addWidget(m_recentTitle);
    column->addWidget(m_recent);
    column->addWidget(makeExplanation());
    column->addStretch(1);

    auto *scroll = new QScrollArea(this);
    scroll->setWidgetResizable(true);
    scroll->setFrameShape(QFrame::NoFrame);
    scroll->setProperty("role", u"page"_s);
    scroll->setFocusPolicy(Qt::NoFocus);
    auto *centre = new QWidget(scroll);
    auto *row = new QHBoxLayout(centre);
    row->addStretch(1);
    row->addWidget(content, 8);
    row->addStretch(1);
    scroll->setWidget(centre);
    auto *all = new QVBoxLayout(this);
    all->setContentsMargins(0, 0, 0, 0);
    all->addWidget(scroll);
    updateRecent();
    setFocusProxy(m_demo);
}

QWidget *StartPage::makeActions()
{
    auto *box = new QWidget(this);
    auto *grid = new QGridLayout(box);
    grid->setContentsMargins(0, 0, 0, 0);
    grid->setHorizontalSpacing(metrics::wide());
    grid->setVerticalSpacing(metrics::tight());
    m_demo->setProperty("role", u"primary"_s);
    grid->addWidget(m_demo, 0, 0);
    grid->addWidget(m_open, 0, 1);
    grid->addWidget(
        label(tr("A small repository and an agent that are built in. No key, no network."), u"muted"_s, box),
        1, 0, Qt::AlignTop);
    grid->addWidget(label(tr("Any folder with code of yours; you can also drop it on this window. "
                             "Its own flows do nothing until you trust it."),
                          u"muted"_s, box),
                    1, 1, Qt::AlignTop);
    grid->setRowStretch(2, 1);
    grid->setColumnStretch(0, 1);
    grid->setColumnStretch(1, 1);
    return box;
}

QWidget *StartPage::makeExplanation()
{
    auto *card = new QFrame(this);
    card->setProperty("role", u"card"_s);
    auto *grid = new QGridLayout(card);
    grid->setContentsMargins(metrics::wide(), metrics::wide(), metrics::wide(), metrics::wide());
    grid->setHorizontalSpacing(metrics::wide());
    grid->setVerticalSpacing(metrics::normal());
    grid->setColumnStretch(1, 1);
    auto *head = label(tr("What happens then"), u"heading"_s, card);
    grid->addWidget(head, 0, 0, 1, 2);
    const QList<std::pair<QString, QString>> steps{
        {u"flow"_s,
         tr("Start the flow “survey”: agents read the repository in parallel, and you see each step.")},
        {u"approval"_s, tr("Before anything is written you are asked.")},
        {u"changes"_s, tr("The result stands on a branch of its own. Merge it or drop it.")},
        {u"chat"_s, tr("Ask about the code in a conversation while the flow runs.")},
    };
    int row = 1;
    for (const auto &[icon, text] : steps) {
        grid->addWidget(new RecoloredIconLabel(icon, card), row, 0, Qt::AlignTop);
        grid->addWidget(label(text, u"text"_s, card), row, 1);
        ++row;
    }
    return card;
}

void StartPage::showProblem(const QString &text)
{
    m_problem->setText(text);
    m_problem->setVisible(!text.isEmpty());
}

void StartPage::updateRecent()
{
    const bool any = m_recentModel->rowCount() > 0;
    m_recentTitle->setVisible(any);
    m_recent->setVisible(any);
}

} // namespace muster
