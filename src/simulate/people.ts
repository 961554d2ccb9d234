import type { Rng } from "../base/rng.js";
import { SIMULATED_AGENT } from "../schema/event-limits.js";
import { lottery } from "./draw.js";
import { LOCATIONS } from "./locations.js";
import { USER_AGENTS } from "./user-agents.js";

const WOMEN =
  "Abigail Ada Alice Amelia Anna Aria Audrey Aurora Ava Bella Camila Chloe Clara Daisy Eleanor Elena Eliza Ella Emma Eva " +
  "Evelyn Faith Freya Grace Hannah Harper Hazel Irene Iris Isla Ivy Jade Julia June Kate Layla Leah Lena Lily Lucy Luna " +
  "Lydia Mae Maria Maya Mia Mila Naomi Nina Nora Olive Olivia Paige Pearl Quinn Rosa Ruby Sadie Sara Sofia Stella Tessa " +
  "Vera Violet Willow Zoe";
const MEN =
  "Aaron Adam Adrian Aiden Alan Alex Amir Andre Asher Austin Ben Blake Caleb Carl Carter Cole Daniel David Dean Dylan Eli " +
  "Elias Ethan Evan Felix Finn Gabriel Gavin George Grant Hector Henry Hugo Ian Isaac Ivan Jack Jacob James Jason Joel " +
  "John Jonah Jude Kai Leo Levi Liam Lucas Luis Marco Mason Max Miles Nathan Noah Oliver Omar Oscar Owen Paul Rafael Ryan " +
  "Samuel Theo Tyler Wyatt";
const FAMILIES =
  "Adams Allen Anderson Bailey Baker Barnes Bell Bennett Brooks Brown Butler Campbell Carter Clark Collins Cook Cooper Cox " +
  "Cruz Davis Diaz Edwards Evans Fisher Flores Foster Garcia Gomez Gonzalez Gray Green Hall Harris Hayes Hernandez Hill " +
  "Howard Hughes Jackson James Jenkins Johnson Jones Kelly King Lee Lewis Long Lopez Martin Martinez Miller Mitchell Moore " +
  "Morgan Morris Murphy Myers Nelson Nguyen Ortiz Parker Perez Perry Peterson Phillips Powell Price Ramirez Reed Reyes " +
  "Richardson Rivera Roberts Robinson Rodriguez Rogers Ross Russell Sanchez Sanders Scott Smith Stewart Sullivan Taylor " +
  "Thomas Thompson Torres Turner Walker Ward Watson White Williams Wilson Wood Wright Young";

const FIRST_NAMES = { F: WOMEN.split(" "), M: MEN.split(" ") } as const;
const LAST_NAMES = FAMILIES.split(" ");
const SHARE_OF_MEN = 0.523;
const areas = lottery(LOCATIONS.map((area) => area.share));
const agents = lottery(USER_AGENTS.map((agent) => agent.share));

/** What a log says about a registered listener. None of it has to do with churn. */
export interface Person {
  readonly firstName: string;
  readonly lastName: string;
  readonly gender: "F" | "M";
  readonly location: string;
  readonly userAgent: string;
}

export function inventPerson(rng: Rng): Person {
  const gender = rng.uniform() < SHARE_OF_MEN ? "M" : "F";
  const first = FIRST_NAMES[gender];
  return {
    gender,
    firstName: first[rng.below(first.length)] as string,
    lastName: LAST_NAMES[rng.below(LAST_NAMES.length)] as string,
    location: (LOCATIONS[areas.draw(rng)] as (typeof LOCATIONS)[number]).name,
    userAgent: `${(USER_AGENTS[agents.draw(rng)] as (typeof USER_AGENTS)[number]).text} ${SIMULATED_AGENT}`,
  };
}
