"""Sentences that stand in notes and say nothing of what somebody needs.

The model is taught them beside the concepts, so that "left a message" is not taken for a helpline.
"""

SMALL_TALK = tuple(
    line.strip()
    for line in """
    Telephone call, no answer.
    Left a message on the answerphone.
    Left a voicemail asking for a call back.
    No reply, will try again tomorrow.
    Tried to ring twice, line engaged.
    Text message sent to confirm the appointment.
    Appointment booked for next Tuesday at two o'clock.
    Appointment moved to Thursday morning.
    Did not attend the appointment.
    Seen at the surgery today.
    Seen at home.
    Saw patient today for the first time.
    First conversation with the patient.
    Follow-up call as agreed.
    Second visit, about forty minutes.
    Next review in two weeks.
    Will call back next week.
    I will ring again on Friday.
    Discussed the options together.
    Talked about what is on locally.
    Agreed a plan and wrote it down.
    Happy with the plan.
    Patient agreed to the referral.
    Consent given to share information.
    Leaflet handed over.
    Letter sent to the practice.
    Email sent to the GP.
    Record updated.
    Details checked and correct.
    Address and phone number confirmed.
    Referred by the GP.
    Referral received from the practice nurse.
    Introduced the service and explained my role.
    Thank you for seeing this patient.
    Thanks for your help.
    Please could you see this lady.
    Many thanks.
    Pleasant conversation.
    In good spirits today.
    Nothing new to report.
    No change since last time.
    No concerns raised.
    No further action.
    Case to be closed.
    Asked to think it over.
    Wants some time to think about it.
    Will let me know.
    Prefers to be phoned in the afternoon.
    Prefers email.
    Prefers mornings.
    Lives with her husband.
    Lives with his wife and two children.
    Lives in a flat on the second floor.
    Lives in a house near the park.
    Has two grown-up daughters.
    Married with three children.
    Has a brother in the next town.
    Seventy-four years old.
    Aged forty-two, works in an office.
    Retired four years ago.
    Was born in Leeds.
    Drives a car.
    Takes the bus.
    Likes to be called by his first name.
    Arrived a few minutes late.
    We met in the waiting room.
    It was raining.
    The goals were looked at again.
    Goals are going well.
    Score of four out of ten today.
    Questionnaire filled in.
    """.splitlines()
    if line.strip()
)
